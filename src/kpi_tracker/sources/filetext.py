"""The lines of a file in UTF-8 or GB18030; where single lines are damaged, those are known and the others serve."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from kpi_tracker.diagnostics import Place
from kpi_tracker.diagnostics.rawfile import read_bytes
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.notation.folding import pattern

__all__ = ["MAX_BYTES", "FileText", "read_text"]

MAX_BYTES = 1024 * 1024 * 1024
BOM = b"\xef\xbb\xbf"
ENCODINGS = {"UTF-8": "utf-8-sig", "GB18030": "gb18030"}  # as Excel saves CSV in China
NO_TEXT = pattern("[\udc80-\udcff]")
"""What stands for a byte that is no text: no file in either encoding can hold these characters themselves."""
UNDAMAGED: Mapping[int, int] = {}


class FileText(NamedTuple):
    """The lines of a file, its encoding, and for each damaged line the column of the first byte that is no text."""

    lines: list[str]
    encoding: str
    damaged: Mapping[int, int] = UNDAMAGED

    def spoils(self, name: str, first: int, last: int, report: Report) -> bool:
        """Report a row that is written in these lines where a byte in it is no text; tell whether it is so."""
        line = next((n for n in range(first, last + 1) if n in self.damaged), None)
        if line is None:
            return False
        report.add("KT421", self._place(name, line), value=self._byte(line), encoding=self.encoding)
        return True

    def refuse(self, name: str, report: Report) -> None:
        """Report that the file as a whole is no text, with its first byte that is none."""
        line = min(self.damaged)
        report.add("KT401", self._place(name, line), value=self._byte(line))

    def _place(self, name: str, line: int) -> Place:
        return Place(name, line, self.damaged[line])

    def _byte(self, line: int) -> str:
        return f"0x{ord(self.lines[line - 1][self.damaged[line] - 1]) - 0xDC00:02X}"


def read_text(path: str, name: str, split: Callable[[str], list[str]], report: Report) -> FileText | None:
    """Return the text of a file in lines as `split` makes them, or None where the reason is in the report.

    A file is refused where more than every second line is damaged.
    """
    data = read_bytes(path, MAX_BYTES, report)
    if data is None:
        return None
    for encoding, codec in ENCODINGS.items():
        try:
            lines = split(data.decode(codec))
        except UnicodeDecodeError:
            continue
        report.file(name, lines)
        return FileText(lines, encoding)
    text = _least_damaged(data, split)
    report.file(name, [NO_TEXT().sub("\ufffd", line) for line in text.lines])
    if 2 * len(text.damaged) > sum(1 for line in text.lines if line.strip()):
        text.refuse(name, report)
        return None
    return text


def _least_damaged(data: bytes, split: Callable[[str], list[str]]) -> FileText:
    """Return the text in the encoding in which fewer lines are damaged; a file with the mark of UTF-8 is in no other."""
    found = []
    for encoding, codec in ENCODINGS.items():
        lines = split(data.decode(codec, "surrogateescape"))
        marks = ((n, NO_TEXT().search(line)) for n, line in enumerate(lines, 1))
        found.append(FileText(lines, encoding, {n: mark.start() + 1 for n, mark in marks if mark}))
        if data.startswith(BOM):
            break
    return min(found, key=lambda text: len(text.damaged))
