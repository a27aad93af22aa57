"""kpi_tracker keeps an organisation's plan as text and watches it.

    import kpi_tracker
    scorecard = kpi_tracker.check("goals/pinghu-2021", as_of=date(2021, 9, 30))
    for kpi in scorecard.lagging:
        print(kpi.path, kpi.status, kpi.lag)

Names are loaded when they are first used, so that `import kpi_tracker` costs next to nothing.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kpi_tracker.assessment import score
    from kpi_tracker.completion import completed
    from kpi_tracker.cut import Cut, cut_by
    from kpi_tracker.diagnostics import Diagnostic, Place, Severity
    from kpi_tracker.documents.problem import DocumentsError
    from kpi_tracker.documents.writing import write_documents
    from kpi_tracker.explanation import Explanation, explain
    from kpi_tracker.forms.form import write_form
    from kpi_tracker.intake.problem import IntakeError
    from kpi_tracker.intake.sync import sync
    from kpi_tracker.intake.transaction import Terms, import_file, record_value
    from kpi_tracker.loading.plan import PlanReading, read_plan
    from kpi_tracker.loading.schema import plan_schema
    from kpi_tracker.model.goal import Goal, Plan
    from kpi_tracker.model.kpi import Kpi
    from kpi_tracker.model.measure import Direction, Measure, Status
    from kpi_tracker.model.observation import Observation, Observations
    from kpi_tracker.model.scorecard import GoalScore, KpiScore, Scorecard
    from kpi_tracker.model.unit import Text
    from kpi_tracker.pipeline import PlanError, Run, check, check_all, load_observations, load_plan
    from kpi_tracker.reporting.jsonfile import to_dict, to_json
    from kpi_tracker.sources.observations import ObservationReading, read_observations
    from kpi_tracker.writing.carryover import carry_over
    from kpi_tracker.writing.first_plan import begin_plan
    from kpi_tracker.writing.formatting import format_plan
    from kpi_tracker.writing.problem import WritingError

__version__ = "0.1.0"

_HOMES = {
    "assessment": ("score",),
    "completion": ("completed",),
    "cut": ("Cut", "cut_by"),
    "diagnostics": ("Diagnostic", "Place", "Severity"),
    "documents.problem": ("DocumentsError",),
    "documents.writing": ("write_documents",),
    "explanation": ("Explanation", "explain"),
    "forms.form": ("write_form",),
    "intake.problem": ("IntakeError",),
    "intake.sync": ("sync",),
    "intake.transaction": ("Terms", "import_file", "record_value"),
    "loading.plan": ("PlanReading", "read_plan"),
    "loading.schema": ("plan_schema",),
    "model.goal": ("Goal", "Plan"),
    "model.kpi": ("Kpi",),
    "model.measure": ("Direction", "Measure", "Status"),
    "model.observation": ("Observation", "Observations"),
    "model.scorecard": ("GoalScore", "KpiScore", "Scorecard"),
    "model.unit": ("Text",),
    "pipeline": ("PlanError", "Run", "check", "check_all", "load_observations", "load_plan"),
    "reporting.jsonfile": ("to_dict", "to_json"),
    "sources.observations": ("ObservationReading", "read_observations"),
    "writing.carryover": ("carry_over",),
    "writing.first_plan": ("begin_plan",),
    "writing.formatting": ("format_plan",),
    "writing.problem": ("WritingError",),
}

__all__ = [
    "Cut",
    "Diagnostic",
    "Direction",
    "DocumentsError",
    "Explanation",
    "Goal",
    "GoalScore",
    "IntakeError",
    "Kpi",
    "KpiScore",
    "Measure",
    "Observation",
    "ObservationReading",
    "Observations",
    "Place",
    "Plan",
    "PlanError",
    "PlanReading",
    "Run",
    "Scorecard",
    "Severity",
    "Status",
    "Terms",
    "Text",
    "WritingError",
    "__version__",
    "begin_plan",
    "carry_over",
    "check",
    "check_all",
    "completed",
    "cut_by",
    "explain",
    "format_plan",
    "import_file",
    "load_observations",
    "load_plan",
    "plan_schema",
    "read_observations",
    "read_plan",
    "record_value",
    "score",
    "sync",
    "to_dict",
    "to_json",
    "write_documents",
    "write_form",
]


def __getattr__(name: str) -> object:
    """Load a public name from its module when it is first asked for."""
    for home, names in _HOMES.items():
        if name in names:
            from importlib import import_module

            value: object = getattr(import_module(f"kpi_tracker.{home}"), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module 'kpi_tracker' has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the public names."""
    return list(__all__)
