"""The words for the closed lists of a plan that only documents spell out."""

from kpi_tracker.language import N_
from kpi_tracker.model.observation import ObservationBasis
from kpi_tracker.model.period import Calendar

__all__ = ["BASIS_OF_DATA_WORDS", "CALENDAR_WORDS", "COMPARED_WORDS"]

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
COMPARED_WORDS = {
    "plain": N_("the figure of {year}"),
    "pro_rata": N_("the figure of {year}, its share of the year so far"),
    "same_day": N_("the same day of {year}"),
}
