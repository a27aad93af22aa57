"""The nodes of a plan scored: every goal over what stands in it and what supports it, and the plan over its own tree."""

from collections.abc import Mapping, Sequence
from math import fsum

from kpi_tracker.language import Phrase
from kpi_tracker.model import reasons
from kpi_tracker.model.goal import Goal, Plan
from kpi_tracker.model.kpi import Exempt, Kpi
from kpi_tracker.model.measure import Status
from kpi_tracker.model.scorecard import GoalScore, KpiScore, Share
from kpi_tracker.model.thresholds import Thresholds
from kpi_tracker.rollup import Child, Leaf, Roll, leaf, missing_child, node_status, roll_child, roll_up
from kpi_tracker.status import judge_bands

__all__ = ["chosen_thresholds", "in_force", "leaf_of", "score_nodes"]


def score_nodes(plan: Plan, leaves: Mapping[str, Sequence[Leaf]], as_of: int) -> dict[str, GoalScore]:
    """Return the score of every goal by path, and of the plan under "", from all KPIs by the path of what they stand in."""
    return _Nodes(plan, leaves, as_of).scored()


def leaf_of(score: KpiScore) -> Leaf:
    """Return what roll-up needs of a KPI; one that is only met or not met counts with 1 or 0."""
    a, kpi = score.attainment, score.kpi
    if a is None and score.met is not None:
        a = float(score.met)
    return leaf(score.path, score.status, kpi.weight, a, score.expected, kpi.veto, kpi.binding)


def in_force(exempt: Exempt | None, as_of: int) -> bool:
    """Tell whether an item is out of the count on the day `as_of`; what stands below an exempt goal is too."""
    return exempt is not None and exempt.date.toordinal() <= as_of


def chosen_thresholds(plan: Plan, written: Thresholds | str | None, inherited: Thresholds) -> Thresholds:
    """Return the thresholds of an item: its own, a preset of the plan by name, or those of the item above it."""
    if written is None:
        return inherited
    return plan.presets.get(written, inherited) if isinstance(written, str) else written


class _Nodes:
    """One run over the tree. What was rolled up once is kept: a goal may count toward many others."""

    def __init__(self, plan: Plan, leaves: Mapping[str, Sequence[Leaf]], as_of: int) -> None:
        self._plan, self._leaves, self._as_of = plan, leaves, as_of
        self._goals: dict[str, Goal] = {}
        self._thresholds = {"": plan.thresholds}
        self._exempt: set[str] = set()
        self._links: dict[str, list[tuple[str, float]]] = {}
        self._enter("", plan)
        goal_paths = {goal.id: path for path, goal in self._goals.items()}
        # A link that leads nowhere is a fault of the plan, reported there.
        self._supporters = {goal_paths[to]: links for to, links in self._links.items() if to in goal_paths}
        # Few KPIs support anything: there is no list of all by path where none does.
        self._known = {leaf.path: leaf for own in leaves.values() for leaf in own} if self._supporters else {}
        self._scored: dict[str, tuple[GoalScore, Roll]] = {}

    def _enter(self, path: str, holder: Plan | Goal) -> None:
        """Note the goals below `holder`, what holds for each, and what supports others, by the id of what it supports."""
        above = path + "/" if path else ""
        for goal in holder.goals:
            own = above + goal.id
            self._goals[own] = goal
            self._thresholds[own] = chosen_thresholds(self._plan, goal.thresholds, self._thresholds[path])
            if path in self._exempt or in_force(goal.exempt, self._as_of):
                self._exempt.add(own)
            self._link(own, goal)
            self._enter(own, goal)
        for kpi in holder.kpis:
            if kpi.supports:
                self._link(above + kpi.id, kpi)

    def _link(self, path: str, item: Goal | Kpi) -> None:
        for link in item.supports:
            weight = item.weight if link.weight is None else link.weight
            self._links.setdefault(link.to.rpartition("/")[2], []).append((path, weight))

    def scored(self) -> dict[str, GoalScore]:
        """Return all scores."""
        plan = self._plan
        children: list[Child | Leaf] = [self._own_child(goal.id, goal) for goal in plan.goals]
        children += [*self._leaves.get("", ()), *self._missing("", plan)]
        whole = roll_up(children)
        goals = {path: self._goal(path)[0] for path in self._goals}
        return {"": self._score("", None, whole, children, len(children)), **goals}

    def _own_child(self, path: str, goal: Goal) -> Child:
        """Return a goal as a child toward the plan's own score: without what supports it from elsewhere."""
        shown, roll = self._goal(path)
        if self._supporters:
            below = [self._own_child(f"{path}/{item.id}", item) for item in goal.goals]
            roll = roll_up([*below, *self._leaves.get(path, ()), *self._missing(path + "/", goal)])
        return roll_child(path, shown.status, goal.weight, roll)

    def _child(self, path: str, weight: float) -> Child | Leaf:
        """Return an item as a child toward what its parent, or the goal that it supports, shows for itself."""
        known = self._known.get(path)
        if known is not None:
            return known if known.weight == weight else known._replace(weight=weight)
        shown, roll = self._goal(path)
        return roll_child(path, shown.status, weight, roll)

    def _goal(self, path: str) -> tuple[GoalScore, Roll]:
        """Return a goal's score and roll-up over what stands in it and what supports it."""
        if path not in self._scored:
            goal, above = self._goals[path], path + "/"
            below = [self._child(above + item.id, item.weight) for item in goal.goals]
            members = [*below, *self._leaves.get(path, ()), *self._missing(above, goal)]
            supporters = () if path in self._exempt else self._supporters.get(path, ())
            children = [*members, *[self._child(*supporter) for supporter in supporters]]
            roll = roll_up(children)
            self._scored[path] = self._score(path, goal, roll, children, len(members)), roll
        return self._scored[path]

    def _missing(self, above: str, holder: Plan | Goal) -> list[Child]:
        if above[:-1] in self._exempt:
            return []
        return [missing_child(above + item.id, item.weight) for item in holder.broken]

    def _score(self, path: str, goal: Goal | None, roll: Roll, children: list[Child | Leaf], members: int) -> GoalScore:
        """Return a node's score; the first `members` of its children stand in it, the others support it."""
        a, e = roll.attainment, roll.expected
        lag = (e - a) * 100 if a is not None and e is not None else None
        pace = a / e if a is not None and e else None
        thresholds = self._thresholds[path]
        band = judge_bands(pace, lag or 0.0, thresholds)
        status = node_status(roll, self._plan.coverage_floor, band.status)
        if path in self._exempt:
            status = Status.EXEMPT
        why: dict[str, Phrase] = {}
        if a is None:
            why = dict.fromkeys(("attainment", "expected", "pace", "lag"), reasons.NOTHING_SCORED)
        elif pace is None:
            why["pace"] = reasons.NOTHING_EXPECTED
        if roll.coverage is None:
            why["coverage"] = reasons.NOTHING_SCORED
        severity, counts = band.severity if status is Status.LAGGING else 0, roll.counts
        return GoalScore(
            path, goal, status, a, e, pace, lag, roll.coverage, next(iter(counts), None), counts, roll.vetoed, roll.bound,
            roll.incomplete, self._shares(children, members), severity, thresholds, why,
        )  # fmt: skip

    def _shares(self, children: list[Child | Leaf], members: int) -> tuple[Share, ...]:
        """Return what each child adds to the mean of a node, and to its coverage."""
        whole, new = fsum([child.weight for child in children if child.attainment is not None]), tuple.__new__
        return tuple([
            new(Share, (child.path, child.weight, None if (a := child.attainment) is None or not whole else child.weight / whole,
                        a, child.expected, child.status, i >= members, child.coverage))
            for i, child in enumerate(children)
        ])  # fmt: skip
