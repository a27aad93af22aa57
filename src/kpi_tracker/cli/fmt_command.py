"""The command that writes plan files in one canonical form."""

import sys
from typing import TYPE_CHECKING

import click

from kpi_tracker.cli.options import faults_aside, lang_option, language_of, option
from kpi_tracker.cli.output import writing
from kpi_tracker.cli.planpaths import plan_paths
from kpi_tracker.cli.translated import TranslatedCommand
from kpi_tracker.language import N_, Language, language
from kpi_tracker.outcome import BROKEN, NOTHING, REPORTED, worst

if TYPE_CHECKING:
    from kpi_tracker.writing.formatting import Formatted

__all__ = ["fmt"]


@click.command(cls=TranslatedCommand, help=N_(
    "Write the files of each PLAN in one canonical form, with comments kept: keys in the order of the format, two blanks a "
    "level, one empty line at most.\n\n"
    "PLAN is a folder, a file or a pattern in quotes. What the plan says is the same before and after, else nothing is "
    "written. Ends with 0, with 1 where --check or --diff find files that would change, with 3 where a plan has faults "
    "that must be mended first or could not be written."
))  # fmt: skip
@click.argument("plans", nargs=-1, required=True, metavar="PLAN...")
@option("--check", is_flag=True, help=N_("Write nothing; name the files that would change."))
@option("--diff", is_flag=True, help=N_("Write nothing; show what would change."))
@lang_option
@click.pass_context
def fmt(ctx: click.Context, plans: tuple[str, ...], check: bool, diff: bool, lang: str | None) -> None:
    """Write the plans anew, and say which files changed."""
    from kpi_tracker.writing.formatting import format_plan
    from kpi_tracker.writing.problem import WritingError

    lang = language_of(ctx, lang)
    words = language(lang)
    idle = check or diff
    codes: list[int] = []
    files: list[Formatted] = []
    for plan in plan_paths(plans):
        try:
            found = format_plan(plan, write=not idle)
        except WritingError as error:
            faults_aside(error.diagnostics, lang)
            click.echo(words.phrase(error.phrase), err=True)
            codes.append(BROKEN)
            continue
        files += found
        changed = [one for one in found if one.changed]
        codes.append(REPORTED if idle and changed else NOTHING)
        with writing():
            for one in changed:
                _tell(one, words, idle, diff)
    if files:
        with writing():
            click.echo(_summary(files, words, idle))
    ctx.exit(worst(codes))


def _tell(one: "Formatted", words: Language, idle: bool, diff: bool) -> None:
    text = N_("{file}: would be written anew") if idle else N_("{file}: written anew")
    click.echo(words.text(text, file=one.file))
    if diff:
        from difflib import unified_diff

        before, after = one.before.splitlines(keepends=True), one.after.splitlines(keepends=True)
        for line in unified_diff(before, after, one.file, one.file):
            sys.stdout.write(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")


def _summary(files: "list[Formatted]", words: Language, idle: bool) -> str:
    n = sum(one.changed for one in files)
    same = words.count(N_("{n} file is in canonical form"), N_("{n} files are in canonical form"), len(files) - n)
    if not n:
        return same
    if idle:
        other = words.count(N_("{n} would be written anew"), N_("{n} would be written anew"), n)
    else:
        other = words.count(N_("{n} was written anew"), N_("{n} were written anew"), n)
    return words.text(N_("{one}, {other}"), one=other, other=same)
