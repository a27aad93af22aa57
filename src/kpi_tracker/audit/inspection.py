"""A whole audit: the plan as it is, and as its earlier runs saw it."""

from kpi_tracker.audit.cliff import cliffs
from kpi_tracker.audit.finding import Finding
from kpi_tracker.audit.ledger import unexplained
from kpi_tracker.audit.past import Past, nights
from kpi_tracker.audit.rewritten import rewritten
from kpi_tracker.model.scorecard import Scorecard

__all__ = ["audit"]


def audit(scorecard: Scorecard, past: Past | None) -> tuple[Finding, ...]:
    """Return what an audit finds in a plan as it is scored now, and in its `past` where there is one: by place, then by code."""
    plan = scorecard.plan
    runs = [(run, past.scorecard(run)) for run in nights(past, plan.id)] if past is not None else []
    runs = [(run, card) for run, card in runs if card.as_of <= scorecard.as_of]
    found = [
        *unexplained([*(card for _, card in runs), scorecard], plan),
        *cliffs(scorecard),
        *rewritten(runs, scorecard),
    ]
    return tuple(sorted(found, key=lambda finding: (finding.place, finding.code, finding.path)))
