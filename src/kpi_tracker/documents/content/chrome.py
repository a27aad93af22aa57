"""The few words that formats need for themselves: search and filter, languages, contents, page numbers."""

from kpi_tracker.language import N_, Language

__all__ = ["CHROME", "chrome_words"]

CHROME = {
    "search": N_("Search"),
    "filter": N_("Filter"),
    "status": N_("Status"),
    "owner": N_("Owner"),
    "tag": N_("Tag"),
    "all": N_("All"),
    "nothing_found": N_("Nothing found"),
    "rows_shown": N_("{n} of {all} shown"),
    "sort_ascending": N_("Sort ascending"),
    "sort_descending": N_("Sort descending"),
    "language": N_("Language"),
    "theme": N_("Colours"),
    "light": N_("Light"),
    "dark": N_("Dark"),
    "system": N_("As the system"),
    "contents": N_("Contents"),
    "skip": N_("Skip to the content"),
    "print": N_("Print"),
    "top": N_("To the top"),
    "illustrative": N_("Illustrative data"),
    "as_of": N_("as of"),
    "pictures_described": N_("The pictures in words"),
    "page": N_("Page"),
    "of": N_("of"),
}
"""By key; places in braces are left for the format to fill in."""


def chrome_words(words: Language) -> dict[str, str]:
    """Return the words by key, in one language."""
    return {key: words.text(message) for key, message in CHROME.items()}
