"""The nodes of a plan scored: every goal over what stands in it and what supports it, and the plan over its own tree."""

from collections.abc import Mapping
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

__all__ = ["chosen_thresholds", "in_force", "score_nodes"]


def score_nodes(plan: Plan, scores: Mapping[str, KpiScore], as_of: int) -> dict[str, GoalScore]:
    """Return the score of every goal by path, and of the plan under "", from the scores of all KPIs by path."""
    return _Nodes(plan, scores, as_of).scored()


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

    def __init__(self, plan: Plan, scores: Mapping[str, KpiScore], as_of: int) -> None:
        self._plan = plan
        items = list(plan.walk())
        self._goals = {path: item for path, item in items if isinstance(item, Goal)}
        self._leaves = {path: _leaf(score) for path, score in scores.items()}
        self._status = {path: score.status for path, score in scores.items()}
        self._thresholds = {"": plan.thresholds}
        self._exempt: set[str] = set()
        goal_paths = {goal.id: path for path, goal in self._goals.items()}
        self._supporters: dict[str, list[tuple[str, float]]] = {}
        for path, item in items:
            if isinstance(item, Goal):
                inherited = self._thresholds[path.rpartition("/")[0]]
                self._thresholds[path] = chosen_thresholds(plan, item.thresholds, inherited)
                if path.rpartition("/")[0] in self._exempt or in_force(item.exempt, as_of):
                    self._exempt.add(path)
            for link in item.supports:
                weight = item.weight if link.weight is None else link.weight
                target = goal_paths.get(link.to.rpartition("/")[2])
                if target is not None:  # a link that leads nowhere is a fault of the plan, reported there
                    self._supporters.setdefault(target, []).append((path, weight))
        self._scored: dict[str, tuple[GoalScore, Roll]] = {}

    def scored(self) -> dict[str, GoalScore]:
        """Return all scores."""
        plan = self._plan
        children = [self._own_child("", item) for item in plan.children]
        whole = roll_up([*(child for _, child in children), *self._missing("", plan)])
        goals = {path: self._goal(path)[0] for path in self._goals}
        return {"": self._score("", None, whole, children, len(children)), **goals}

    def _own_child(self, above: str, item: Goal | Kpi) -> tuple[str, Child | Leaf]:
        """Return an item as a child toward the plan's own score: without what supports it from elsewhere."""
        path = above + item.id
        if not self._supporters or isinstance(item, Kpi):
            return self._shown_child(path, item.weight)
        children = [self._own_child(path + "/", below)[1] for below in item.children]
        return path, roll_child(roll_up([*children, *self._missing(path + "/", item)]), item.weight)

    def _shown_child(self, path: str, weight: float) -> tuple[str, Child | Leaf]:
        """Return an item as a child toward what its parent, or the goal that it supports, shows for itself."""
        own = self._leaves.get(path)
        if own is None:
            return path, roll_child(self._goal(path)[1], weight)
        return path, own if own.weight == weight else own._replace(weight=weight)

    def _goal(self, path: str) -> tuple[GoalScore, Roll]:
        """Return a goal's score and roll-up over what stands in it and what supports it."""
        if path not in self._scored:
            goal, above, leaves = self._goals[path], path + "/", self._leaves
            goals = [self._shown_child(above + item.id, item.weight) for item in goal.goals]
            kpis = [(own := above + item.id, leaves[own]) for item in goal.kpis]
            supporters = () if path in self._exempt else self._supporters.get(path, ())
            children = [*goals, *kpis, *[self._shown_child(*supporter) for supporter in supporters]]
            roll = roll_up([*[child for _, child in children], *self._missing(above, goal)])
            score = self._score(path, goal, roll, children, len(goals) + len(kpis))
            self._scored[path], self._status[path] = (score, roll), score.status
        return self._scored[path]

    def _missing(self, above: str, holder: Plan | Goal) -> list[Child]:
        if above[:-1] in self._exempt:
            return []
        return [missing_child(above + item.id, item.weight) for item in holder.broken]

    def _score(
        self, path: str, goal: Goal | None, roll: Roll, children: list[tuple[str, Child | Leaf]], members: int
    ) -> GoalScore:
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
        severity = band.severity if status is Status.LAGGING else 0
        return GoalScore(
            path, goal, status, a, e, pace, lag, roll.coverage, roll.worst, roll.counts, roll.vetoed, roll.bound,
            roll.incomplete, self._shares(children, members), severity, thresholds, why,
        )  # fmt: skip

    def _shares(self, children: list[tuple[str, Child | Leaf]], members: int) -> tuple[Share, ...]:
        """Return what each child adds to the mean of a node."""
        whole = fsum([child.weight for _, child in children if child.attainment is not None])
        status = self._status
        return tuple([
            Share(path, child.weight, None if (a := child.attainment) is None or not whole else child.weight / whole,
                  a, child.expected, status[path], i >= members)
            for i, (path, child) in enumerate(children)
        ])  # fmt: skip


def _leaf(score: KpiScore) -> Leaf:
    """Return what roll-up needs of a KPI; one that is only met or not met counts with 1 or 0."""
    a, kpi = score.attainment, score.kpi
    if a is None and score.met is not None:
        a = float(score.met)
    return leaf(score.path, score.status, kpi.weight, a, score.expected, kpi.veto, kpi.binding)
