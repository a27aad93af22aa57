"""The words of the site itself, beside those of the documents: navigation, filters, switches."""

from types import SimpleNamespace

from kpi_tracker.language import N_, language

__all__ = ["site_words"]

SITE_WORDS = {
    "skip": N_("Skip to the content"),
    "menu": N_("Menu"),
    "pages": N_("Pages"),
    "overview": N_("Overview"),
    "all_kpis": N_("All KPIs"),
    "branches": N_("Goals"),
    "search": N_("Search KPIs"),
    "colours": N_("Colours"),
    "system": N_("As the system"),
    "light": N_("Light"),
    "dark": N_("Dark"),
    "print": N_("Print"),
    "here": N_("You are here"),
    "contents": N_("On this page"),
    "filter": N_("Filter"),
    "text": N_("Text"),
    "table": N_("Table"),
    "status": N_("Status"),
    "owner": N_("Owner"),
    "tag": N_("Tag"),
    "all": N_("All"),
    "clear": N_("Clear"),
    "shown": N_("{shown} of {all} shown"),
    "expand": N_("Expand all"),
    "collapse": N_("Collapse all"),
    "described": N_("The picture in words"),
    "swipe": N_("Swipe sideways to see the whole picture"),
    "choose": N_("Choose a language"),
}
NAMES = {"zh": "中文", "en": "English"}
"""Each language in its own words, as a reader of it looks for it."""


def site_words(lang: str) -> SimpleNamespace:
    """Return the words of the site in the language `lang`."""
    words = language(lang)
    return SimpleNamespace(**{name: words.text(message) for name, message in SITE_WORDS.items()})
