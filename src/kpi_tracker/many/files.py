"""Where observations lie: a Parquet file, a folder of them (also one split by `county=330482`), a pattern, an address."""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from glob import glob, has_magic
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from kpi_tracker.diagnostics import Place
from kpi_tracker.diagnostics.rawfile import shown_name
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.language import N_, Phrase
from kpi_tracker.many.columns import fit

if TYPE_CHECKING:
    import polars

__all__ = ["ENDINGS", "Lot", "damaged_in", "escaped", "is_address", "lots", "of_engine", "parquet_files", "said"]

PANIC = "PanicException"
"""What a slip of polars' own over a damaged file reaches Python as: no Exception, and of a class without a module."""
ENDINGS = (".parquet", ".parq", ".pq")
LONGEST = 200


class Lot(NamedTuple):
    """Files of one shape, which an engine reads as one, and what our columns are called in them.

    Where `county=330482` in a path tells the county of a file, `parts` are the names of such columns, and `told` has by file
    what its path says for each. `root` is the folder below which they begin.
    """

    paths: tuple[str, ...]
    columns: Mapping[str, str]
    parts: tuple[str, ...] = ()
    told: tuple[tuple[str, ...], ...] = ()
    root: str = ""

    def of(self, column: str, values: Collection[str]) -> "Lot":
        """Return the files that can have one of `values` in a column of ours; all where no path tells of it."""
        if self.columns.get(column) not in self.parts:
            return self
        at = self.parts.index(self.columns[column])
        kept = [i for i, told in enumerate(self.told) if told[at] in values]
        return self._replace(paths=tuple(self.paths[i] for i in kept), told=tuple(self.told[i] for i in kept))

    def by_file(self, name: str) -> "polars.DataFrame":
        """Return what each path tells, beside the path in the column `name`."""
        import polars as pl

        columns = {name: self.paths, **{part: [told[i] for told in self.told] for i, part in enumerate(self.parts)}}
        return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def escaped(path: str, characters: str, form: str) -> str:
    """Return a path in which characters that an engine would take for a pattern are in a `form` that it takes as they are."""
    return "".join(form.format(one) if one in characters else one for one in path)


def is_address(path: str) -> bool:
    """Tell whether `path` is an address (s3://…), which the engine resolves by itself."""
    return "://" in path


def parquet_files(path: str) -> tuple[list[str], str]:
    """Return the Parquet files at `path`, sorted: itself, those below a folder, or those that a pattern matches.

    Beside them is the folder that they were looked for in: what stands above it tells only what they do not say themselves.
    """
    if os.path.isdir(path):
        return sorted(_below(path)), path
    if os.path.isfile(path):
        return [path], ""
    if not has_magic(path):
        return [], ""
    root = path
    while has_magic(root):
        root = os.path.dirname(root)
    found: list[str] = []
    for match in glob(path, recursive=True):
        found += _below(match) if os.path.isdir(match) else [match]
    return sorted(set(found)), root


def _below(folder: str) -> Iterator[str]:
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith((".", "_"))]
        yield from (
            os.path.join(here, name)
            for name in names
            if name.lower().endswith(ENDINGS) and not name.startswith((".", "_"))
        )


def lots(path: str, group: str, report: Report, damaged: Mapping[str, str] | None = None) -> tuple[Lot, ...]:
    """Return the files at `path` by shape; a file that cannot serve is reported and left out.

    `group` is the column that tells groups apart, which may stand in the path of a file (`county=330482`) instead. Of
    `damaged` files it is known why they cannot be read, though their heads can.
    """
    files, above = parquet_files(path)
    if not files:
        is_there = os.path.exists(path)
        text = N_("there is no Parquet file in this folder") if is_there else N_("there is no such file or folder")
        report.add("KT370", Place(shown_name(path)), reason=Phrase(text))
        return ()
    shapes: dict[object, Lot] = {}
    for file in files:
        if damaged and file in damaged:
            report.add("KT442", Place(shown_name(file)), reason=damaged[file])
            continue
        parts = _parts(file, above, report)
        schema = None if parts is None else _schema(file, report)
        if schema is None or parts is None:
            continue
        there = {name.lower(): name for name in schema}  # some engines look at no case
        parts = [part for part in parts if part.below or part.name.lower() not in there]
        if twice := _twice(parts, there):
            report.add("KT417", Place(shown_name(file)), value=twice)
            continue
        place = Place(shown_name(file))
        columns = fit([*schema.items(), *((part.name, "String") for part in parts)], group, place, report)
        if columns is None:
            continue
        names = tuple(part.name for part in parts)
        shape = tuple((name, str(dtype)) for name, dtype in schema.items()), names
        before = shapes.get(shape, Lot((), columns, names, (), parts[0].root if parts else ""))
        told = tuple(part.value for part in parts)
        shapes[shape] = before._replace(paths=(*before.paths, file), told=(*before.told, told))
    return tuple(shapes.values())


class _Part(NamedTuple):
    """What a folder tells: a column, its value, the folder it is in, and whether that is below the one that was asked for.

    What stands above tells of a column only where the file does not.
    """

    name: str
    value: str
    root: str
    below: bool


def _parts(file: str, above: str, report: Report) -> list[_Part] | None:
    """Return what the path of a file tells; None where a folder does not say it in a way that all engines read, reported."""
    folders = os.path.dirname(file).split(os.sep)
    known = len(above.rstrip(os.sep).split(os.sep)) if above else len(folders)
    twice = N_("its folder “{value}” has “=” more than once; in a name it is written %3D")
    empty = N_("its folder “{value}” has nothing after “=”")
    found = []
    for i, folder in enumerate(folders):
        name, mark, value = folder.partition("=")
        if not name or not mark:
            continue
        if value and "=" not in value:
            found.append(_Part(unquote(name), unquote(value), os.sep.join(folders[:i]), i >= known))
        elif i >= known:
            reason = Phrase(twice if value else empty, {"value": folder})
            report.add("KT442", Place(shown_name(file)), reason=reason)
            return None
    nearest_above = {part.name.lower(): part for part in found}  # of two the one that is nearer to the file
    return [part for part in found if part.below or nearest_above[part.name.lower()] is part]


def _twice(parts: Sequence[_Part], there: Mapping[str, str]) -> str:
    """Return a column that is told by two folders, or by one and the file, whose names are by lower case. Empty: none is."""
    told = dict(there)
    for part in parts:
        other = told.setdefault(part.name.lower(), "")
        if other:
            return f"{part.name} = {other}"
        told[part.name.lower()] = part.name
    return ""


def _schema(file: str, report: Report) -> Mapping[str, Any] | None:
    """Return the columns of a Parquet file with their types; None where it is none, reported."""
    import polars

    try:
        return polars.scan_parquet(file, glob=False, hive_partitioning=False).collect_schema()
    except BaseException as error:
        if not of_engine(error) and not isinstance(error, OSError):
            raise
        report.add("KT442", Place(shown_name(file)), reason=said(error))
        return None


def damaged_in(some: Iterable[Lot]) -> dict[str, str]:
    """Return the files that cannot be read to their end, each with what is said of it. Goes through all that is asked of them."""
    import polars as pl

    found = {}
    for lot in some:
        columns = [name for name in lot.columns.values() if name not in lot.parts]
        for path in lot.paths:
            rows = pl.scan_parquet(path, glob=False, hive_partitioning=False)
            try:
                rows.select(pl.col(columns).hash().max()).collect(engine="streaming")
            except BaseException as error:
                if not of_engine(error) and not isinstance(error, OSError):
                    raise
                found[path] = said(error)
    return found


def of_engine(error: BaseException) -> bool:
    """Tell whether an engine raised it, over data that it cannot read: no slip of ours, and no wish to end."""
    kinds = type(error).__mro__
    return any(kind.__name__ == PANIC or kind.__module__.partition(".")[0] in RAISED_BY for kind in kinds)


RAISED_BY = frozenset({"polars", "duckdb", "_duckdb", "pyspark", "py4j", "pyarrow", "narwhals"})


def said(error: BaseException) -> str:
    """Return what an engine says of a failure, in one line."""
    return " ".join(str(error).split())[:LONGEST] or type(error).__name__
