"""The one function that makes progress documents: a scorecard goes in, a folder of files comes out."""

import os.path
from collections.abc import Callable, Iterator, Sequence

from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.documents.blocks import Document
from kpi_tracker.documents.content.document import document
from kpi_tracker.documents.folder import Written, write_folder
from kpi_tracker.documents.overrides import idle_files
from kpi_tracker.language import LANGUAGES, Phrase, language
from kpi_tracker.model.scorecard import Scorecard

__all__ = ["FORMATS", "write_documents"]

FORMATS = ("html", "markdown", "docx", "pdf")
TEMPLATES = "templates"
"""The folder beside the plan where a user keeps templates of their own."""

Files = Iterator[tuple[str, bytes]]


def write_documents(
    scorecard: Scorecard, out: str, *, languages: Sequence[str] = LANGUAGES, formats: Sequence[str] = ("html",),
    since: Scorecard | None = None, overrides: str | None = None, progress: Callable[[int, int], None] | None = None,
    embed_fonts: bool = False,
) -> Written:  # fmt: skip
    """Write the progress documents of `scorecard` into the folder `out`, whole or not at all.

    `formats` are `html`, `markdown`, `docx`, `pdf`; `since` is an earlier scorecard of the same plan, to say what
    changed. `overrides` is a folder of templates that replace ours, `templates` beside the plan if left out.
    `progress` is called with the number of pages written so far and of all. With `embed_fonts` each picture of the
    Markdown brings its letters along, so that it is right on a machine without a Chinese font.

    Raises:
        ValueError: a language or a format that is none, or no language or format at all.
        DocumentsError: `out` is not ours or cannot be written (FolderError), a format needs what is not installed
            (MissingExtra, NoFontError), or a template in `overrides` cannot be used (BrokenTemplateError).
    """
    chosen = _known(formats)
    if not languages:
        raise ValueError(f"languages: at least one of {', '.join(LANGUAGES)}")
    documents = [document(scorecard, language(lang).code, since) for lang in dict.fromkeys(languages)]
    file = scorecard.plan.where.file
    beside = (os.path.dirname(file) or os.curdir) if file else None
    if overrides is None and beside is not None and os.path.isdir(os.path.join(beside, TEMPLATES)):
        overrides = os.path.join(beside, TEMPLATES)
    remarks = [*idle_files(overrides)] if overrides is not None else []
    writers = {**_WRITERS, "markdown": _with_letters} if embed_fonts else _WRITERS
    files = (file for form in chosen for file in writers[form](documents, overrides, remarks))
    told = None if progress is None else _Progress(documents, chosen, progress)
    written = write_folder(out, files, told, () if beside is None else (beside,), scorecard.plan.id)
    return written._replace(remarks=tuple(one for i, one in enumerate(remarks) if one not in remarks[:i]))


def _known(formats: Sequence[str]) -> list[str]:
    """Return the formats in the order in which they are written: what needs an extra first, so that it fails early."""
    for form in formats:
        if form not in FORMATS:
            near = nearest(form, FORMATS)
            hint = f"; did you mean {near!r}?" if near else ""
            raise ValueError(f"format must be one of {', '.join(FORMATS)}, not {form!r}{hint}")
    if not formats:
        raise ValueError(f"formats: at least one of {', '.join(FORMATS)}")
    return [form for form in reversed(FORMATS) if form in formats]


def _html(documents: Sequence[Document], overrides: str | None, _remarks: list[Phrase]) -> Files:
    from kpi_tracker.documents.html.site import site_files

    return site_files(documents, overrides)


def _markdown(documents: Sequence[Document], overrides: str | None, _remarks: list[Phrase]) -> Files:
    from kpi_tracker.documents.markdown.site import markdown_files

    return markdown_files(documents, overrides)


def _with_letters(documents: Sequence[Document], overrides: str | None, remarks: list[Phrase]) -> Files:
    from kpi_tracker.documents.letters import Letters
    from kpi_tracker.documents.markdown.site import markdown_files

    letters = Letters(documents)
    remarks += letters.remarks
    return markdown_files(documents, overrides, letters)


def _docx(documents: Sequence[Document], _overrides: str | None, remarks: list[Phrase]) -> Files:
    from kpi_tracker.documents.word import word_file

    for each in documents:
        content, more = word_file(each)
        remarks += more
        yield f"{each.plan_id}.{each.lang}.docx", content


def _pdf(documents: Sequence[Document], overrides: str | None, remarks: list[Phrase]) -> Files:
    from kpi_tracker.documents.pdf import pdf_file

    for each in documents:
        content, more = pdf_file(each, overrides)
        remarks += more
        yield f"{each.plan_id}.{each.lang}.pdf", content


_WRITERS = {"html": _html, "markdown": _markdown, "docx": _docx, "pdf": _pdf}


class _Progress:
    """Counts pages among the files that are written: not pictures, nor what belongs to all pages."""

    def __init__(self, documents: Sequence[Document], formats: Sequence[str], tell: Callable[[int, int], None]) -> None:
        pages = sum(len(each.pages) for each in documents)
        self._all = sum(pages if form in ("html", "markdown") else len(documents) for form in formats)
        self._done, self._tell = 0, tell

    def __call__(self, path: str) -> None:
        folder, _, name = path.rpartition("/")
        if name.endswith((".docx", ".pdf")) or (folder and name.endswith((".html", ".md"))):
            self._done += 1
            self._tell(self._done, self._all)
