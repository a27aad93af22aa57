"""The plans that the words of a command line name: folders, files, and patterns."""

import os
from collections.abc import Iterable, Iterator
from glob import glob, has_magic

import click

from kpi_tracker.cli.options import spoken
from kpi_tracker.language import N_

__all__ = ["plan_paths"]

YAML = (".yaml", ".yml")


def plan_paths(words: Iterable[str]) -> tuple[str, ...]:
    """Return the paths of the plans, each once, those of a pattern in the order of their names.

    Raises:
        click.BadParameter: a pattern matches nothing that could be a plan.
    """
    found: dict[str, str] = {}
    for word in words:
        for path in _paths(word):
            found.setdefault(os.path.normpath(path), path)
    return tuple(found.values())


def _paths(word: str) -> Iterator[str]:
    if not has_magic(word) or os.path.exists(word):
        yield word
        return
    matches = [path for path in sorted(glob(word)) if os.path.isdir(path) or path.endswith(YAML)]
    if not matches:
        text = spoken().text(N_("no folder and no YAML file matches “{value}”"), value=word)
        raise click.BadParameter(text, param_hint="PLAN")
    yield from matches
