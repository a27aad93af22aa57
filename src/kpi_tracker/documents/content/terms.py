"""The words for the closed lists of a plan that only documents spell out."""

from kpi_tracker.language import N_
from kpi_tracker.model.kpi import ExemptKind, ProfileKind
from kpi_tracker.model.measure import Aggregate, Cadence
from kpi_tracker.model.observation import ObservationBasis
from kpi_tracker.model.period import Calendar

__all__ = ["AGGREGATE_WORDS", "BASIS_OF_DATA_WORDS", "CADENCE_WORDS", "CALENDAR_WORDS", "COMPARED_WORDS",
           "EXEMPT_WORDS", "PROFILE_WORDS"]  # fmt: skip

CADENCE_WORDS = {
    Cadence.DAILY: N_("every day"),
    Cadence.WEEKLY: N_("every week"),
    Cadence.MONTHLY: N_("every month"),
    Cadence.QUARTERLY: N_("every quarter"),
    Cadence.HALF_YEARLY: N_("every half-year"),
    Cadence.YEARLY: N_("every year"),
    Cadence.IRREGULAR: N_("at no fixed dates"),
}
AGGREGATE_WORDS = {
    Aggregate.SUM: N_("the sum of the figures"),
    Aggregate.NEWEST: N_("the newest figure"),
    Aggregate.MEAN: N_("the mean of the figures"),
    Aggregate.MAX: N_("the highest figure"),
    Aggregate.MIN: N_("the lowest figure"),
}
PROFILE_WORDS = {
    ProfileKind.ELAPSED: N_("in step with time"),
    ProfileKind.AT_END: N_("all at the end"),
    ProfileKind.BASELINE_YEAR: N_("as in the base year"),
    ProfileKind.POINTS: N_("by set dates"),
}
CALENDAR_WORDS = {
    Calendar.MONTHS: N_("every month counts the same"),
    Calendar.DAYS: N_("every day counts the same"),
}
BASIS_OF_DATA_WORDS = {
    ObservationBasis.REPORTED: N_("reported"),
    ObservationBasis.PROVISIONAL: N_("provisional"),
    ObservationBasis.ESTIMATED: N_("estimated"),
    ObservationBasis.ILLUSTRATIVE: N_("illustrative"),
}
EXEMPT_WORDS = {
    ExemptKind.CANCELLED: N_("cancelled"),
    ExemptKind.MERGED: N_("merged into another"),
    ExemptKind.POSTPONED: N_("postponed"),
}
COMPARED_WORDS = {
    "plain": N_("the figure of {year}"),
    "pro_rata": N_("the figure of {year}, its share of the year so far"),
    "same_day": N_("the same day of {year}"),
}
