"""Why a figure has no value. Every null of a scorecard carries one of these."""

from kpi_tracker.language import N_, Phrase

AT_BASELINE = Phrase(N_("the value is where it started, so there is no rate to compare with"))
BASE_NOT_POSITIVE = Phrase(N_("the baseline is not above 0, so a change in % says nothing"))
ENDED = Phrase(N_("the period is over"))
EXEMPT = Phrase(N_("the item is exempt"))
GROWTH_UNDEFINED = Phrase(N_("growth a year is undefined unless baseline, value and target are above 0"))
NEVER_REACHED = Phrase(N_("the expected course never reaches this attainment"))
NOT_FOR_MEASURE = Phrase(N_("this figure does not exist for this measure"))
NOT_NUMERIC = Phrase(N_("grades have no arithmetic"))
NO_BASELINE = Phrase(N_("there is no baseline"))
NO_OBSERVATION = Phrase(N_("there is no observation yet"))
NO_SERIES = Phrase(N_("the observations of the baseline year are not complete"))
NO_TARGET = Phrase(N_("there is no target"))
NOTHING_EXPECTED = Phrase(N_("nothing is expected yet"))
NOTHING_SCORED = Phrase(N_("nothing below it is scored"))
NOT_STARTED = Phrase(N_("no time has passed"))
REACHED = Phrase(N_("the target is reached"))
TARGET_NOT_POSITIVE = Phrase(N_("the target is not above 0: met or not met only"))
UNDEFINED_RATIO = Phrase(N_("the ratio of value and target is undefined: met or not met only"))
WORSE_THAN_BASELINE = Phrase(N_("the value is worse than the baseline, so no day of the course compares"))
