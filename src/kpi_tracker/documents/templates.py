"""Templates: ours, and those of a user that take the place of ours; a broken one is told by its file and line."""

import os.path
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.documents.problem import DocumentsError
from kpi_tracker.language import N_, Phrase

__all__ = ["BrokenTemplateError", "Templates"]

OURS = "ours"
"""The prefix by which a template of a user extends the one that it replaces."""


class BrokenTemplateError(DocumentsError):
    """A template of the user cannot be read or written; `phrase` says where and why."""

    def __init__(self, file: str, line: int, problem: str) -> None:
        """Tell of `problem` at `line` (0: of the whole file) of `file`."""
        where = f"{file}:{line}" if line else file
        shown = plain(" ".join(problem.split()))
        self.phrase = Phrase(
            N_("the template {where} cannot be used: {problem}"), {"where": plain(where), "problem": shown}
        )
        super().__init__(f"{where}: {shown}")


class Templates:
    """The templates of one format, compiled once.

    A file in the user's folder takes the place of ours of the same name; as `ours/<name>` it can still extend it.
    Templates of a user run in Jinja2's sandbox: they are text of the plan, which must not reach the machine.
    """

    def __init__(
        self, folders: Sequence[str], overrides: str | None = None, autoescape: bool = True,
        filters: Mapping[str, Callable[..., Any]] | None = None, **names: object,
    ) -> None:  # fmt: skip
        """Look in the folder `overrides`, then in ours (`folders`); `filters` and `names` are known to every template."""
        self._theirs = _Folder(overrides) if overrides is not None else None
        ours = jinja2.FileSystemLoader(folders)
        loaders: list[jinja2.BaseLoader] = [ours, jinja2.PrefixLoader({OURS: ours})]
        if self._theirs is not None:
            loaders.insert(0, self._theirs)
        kind = jinja2.Environment if self._theirs is None else ImmutableSandboxedEnvironment
        self._loader = jinja2.ChoiceLoader(loaders)
        self._environment = kind(
            loader=self._loader, autoescape=autoescape, undefined=jinja2.StrictUndefined,
            trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, auto_reload=False, cache_size=-1,
        )  # fmt: skip
        self._environment.filters.update(filters or {})
        self._environment.globals.update(names)

    def render(self, name: str, **context: object) -> str:
        """Return what the template `name` makes of `context`.

        Raises:
            BrokenTemplateError: a template of the user is at fault.
        """
        try:
            return self._environment.get_template(name).render(context)
        except Exception as error:
            if broken := self._theirs_at_fault(error):
                raise broken from error
            raise

    def source(self, name: str) -> str:
        """Return the file `name` as it is: of the user, or ours.

        Raises:
            BrokenTemplateError: the file of the user cannot be read.
        """
        try:
            return self._loader.get_source(self._environment, name)[0]
        except jinja2.TemplateSyntaxError as error:
            raise BrokenTemplateError(error.filename or name, 0, str(error.message)) from error

    def _theirs_at_fault(self, error: Exception) -> BrokenTemplateError | None:
        """Return the place in a template of the user that `error` comes from, the innermost if there are several.

        One that is called in the wrong way fails in ours that calls it: then all that are in use are told.
        """
        if self._theirs is None:
            return None
        if isinstance(error, jinja2.TemplateSyntaxError):
            file, line = error.filename or "", error.lineno
            return BrokenTemplateError(file, line, str(error.message)) if file in self._theirs.used else None
        problem = str(error) or type(error).__name__
        for file, line in reversed(_places(error.__traceback__)):
            if file in self._theirs.used:
                return BrokenTemplateError(file, line, problem)
        return BrokenTemplateError(", ".join(sorted(self._theirs.used)), 0, problem) if self._theirs.used else None


class _Folder(jinja2.FileSystemLoader):
    """The folder of a user: a file that cannot be read is a fault of that file."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self.used: set[str] = set()
        """The files that were asked for and are there."""

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        file = os.path.join(self.searchpath[0], *template.split("/"))
        try:
            found = super().get_source(environment, template)
        except jinja2.TemplateNotFound:
            raise
        except (OSError, UnicodeError) as error:
            self.used.add(file)
            raise jinja2.TemplateSyntaxError(str(error), 0, template, file) from error
        self.used.add(found[1])
        return found


def _places(trace: TracebackType | None) -> list[tuple[str, int]]:
    """Return file and line of every step of a traceback, the outermost first."""
    places = []
    while trace is not None:
        places.append((trace.tb_frame.f_code.co_filename, trace.tb_lineno))
        trace = trace.tb_next
    return places
