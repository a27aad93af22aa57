"""CSV files: encodings, line ends, quotes, columns, and what is no CSV file at all."""

import csv
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpi_tracker import read_observations
from kpi_tracker.diagnostics import Place
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.sources import filetext, table
from kpi_tracker.sources.table import read_table
from tests.sources.rows import Found, faults, plan_in, read

GOOD = "kpi,date,value,note\ncases,2021-01-31,3,三月\n"


@pytest.mark.parametrize(
    "content",
    [
        GOOD.encode(),
        b"\xef\xbb\xbf" + GOOD.encode(),
        GOOD.encode("gb18030"),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("\n", "\r").encode(),
        GOOD.rstrip("\n").encode(),
        GOOD.replace("cases,", '"cases",').encode(),
        GOOD.replace("kpi,date,value,note", " KPI , Date,VALUE,note").encode(),
        GOOD.replace("kpi,date,value,note", "指标,日期,数值,备注").encode(),
        GOOD.replace("kpi,date,value,note", "指标,日期,数值,备注").encode("gb18030"),
        GOOD.replace("kpi,date,value,note", "指标,月份,数值,备注").encode(),
        (GOOD + "\n , ,,\n\n").encode(),
    ],
    ids=[
        "utf-8",
        "bom",
        "gb18030",
        "crlf",
        "cr",
        "no-end",
        "quotes",
        "blanks",
        "chinese",
        "chinese-gb",
        "月份",
        "empty-lines",
    ],
)
def test_a_row_reads_the_same_however_the_file_was_saved(content: bytes, tmp_path: Path) -> None:
    """Encodings, line ends, quotes and languages of the header change nothing."""
    reading = read(tmp_path, content)
    assert faults(reading) == []
    (row,) = reading.observations["cases"].rows
    assert (row.date.isoformat(), row.value, row.note, row.where.line) == ("2021-01-31", 3.0, "三月", 2)


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    """All eight columns are found by name."""
    header = "note,basis,source,recorded_at,value,period,date,kpi"
    reading = read(tmp_path, f"{header}\nn,初步,s,2021-02-03,4,,2021-01-31,g/cases\n")
    assert faults(reading) == []
    (row,) = reading.observations["cases"].rows
    assert (row.value, row.note, row.source, row.basis.value, row.written) == (4.0, "n", "s", "provisional", "4")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("kpi,date", [Found("KT402", 1, 1, "")]),
        ("date,value", [Found("KT402", 1, 1, "")]),
        ("kpi,value", [Found("KT402", 1, 1, "")]),
        ("x", [Found("KT402", 1, 1, "")] * 3 + [Found("KT403", 1, 1, "")]),
        ("kpi,date,vlaue", [Found("KT402", 1, 1, ""), Found("KT403", 1, 10, "")]),
        ("kpi,date,value,", [Found("KT403", 1, 16, "")]),
        ('kpi,date,value,"tag"', [Found("KT403", 1, 17, "")]),
        ("kpi,date,value,value", [Found("KT417", 1, 16, "")]),
        ("kpi,date,value, 数值", [Found("KT417", 1, 17, "")]),
        ("kpi;date;value", [Found("KT419", 1, 4, "")]),
        ("指标\t日期\t数值", [Found("KT419", 1, 3, "")]),
    ],
)
def test_wrong_columns_are_named_where_they_stand(header: str, expected: list[Found], tmp_path: Path) -> None:
    """Missing, unknown and repeated columns are faults of the first row, and nothing of the file is used."""
    reading = read(tmp_path, f"{header}\ncases,2021-01-31,3,4\n")
    assert faults(reading) == expected
    assert len(reading.observations) == 0


def test_a_misspelt_column_names_the_nearest(tmp_path: Path) -> None:
    """The message ends with what was probably meant."""
    (_, fault) = read(tmp_path, "kpi,date,vlaue\n").diagnostics
    assert fault.message().endswith("did you mean “value”?")


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n"])
def test_pitfall_b13_an_empty_file_is_no_success(content: bytes, tmp_path: Path) -> None:
    """B13: a file without a first row is named, not passed over."""
    assert [fault.code for fault in read(tmp_path, content).diagnostics] == ["KT418"]


def test_a_file_with_a_first_row_alone_is_empty_and_right(tmp_path: Path) -> None:
    """A year that has just begun has columns and no rows."""
    reading = read(tmp_path, "kpi,date,value\n")
    assert (faults(reading), len(reading.observations), reading.left_out) == ([], 0, {})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (GOOD.encode("utf-16"), "KT103"),
        (b"kpi,date,value\ncases,2021-01-31,\x003\n", "KT103"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "KT103"),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, code: str, tmp_path: Path) -> None:
    """UTF-16, pictures and broken bytes are named as what they are."""
    reading = read(tmp_path, content)
    assert faults(reading) == [Found(code, 0, 0, "")]


@pytest.mark.parametrize(
    ("content", "line", "column", "byte"),
    [
        (b"\xff\xfe\xfd", 1, 1, "0xFF"),
        (b"kpi,date,value,n\xffte\ncases,2021-01-31,3,\ncases,2021-02-28,4,\ncases,2021-03-31,4,\n", 1, 17, "0xFF"),
        (b'kpi,date,value,"no\nt\xff"\ncases,2021-01-31,3,\n', 2, 2, "0xFF"),
        (b"kpi,date,value,note\ncases,2021-01-31,3,\x80\n\ncases,2021-01-31,4,\x80\n", 2, 20, "0x80"),
    ],
    ids=["binary", "header", "long-header", "most-rows"],
)
def test_a_file_that_is_mostly_no_text_is_refused_at_its_first_such_byte(
    content: bytes, line: int, column: int, byte: str, tmp_path: Path
) -> None:
    """Where the first row or most of the lines cannot be read, nothing of the file counts."""
    reading = read(tmp_path, content)
    (fault,) = reading.diagnostics
    assert faults(reading) == [Found("KT401", line, column, "")]
    assert fault.args["value"] == byte
    assert (len(reading.observations), reading.left_out) == (0, {})


MARCH = "kpi,date,value,note\ncases,2021-01-31,3,一月份的数\ncases,2021-02-28,4,\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (MARCH.encode() + b"cases,2021-03-31,5,bad\xff", "UTF-8"),
        (b"\xef\xbb\xbf" + MARCH.encode() + b"cases,2021-03-31,5,bad\xff\n", "UTF-8"),
        (b"\xef\xbb\xbf" + MARCH.encode() + b"cases,2021-03-31,5,bad\xb0\xa1\n", "UTF-8"),
        (MARCH.encode("gb18030") + b"cases,2021-03-31,5,bad\xff\xff\n", "GB18030"),
        (MARCH.replace("\n", "\r\n").encode() + b"cases,2021-03-31,5,bad\xff\r\n", "UTF-8"),
    ],
    ids=["utf-8", "bom", "bom-gb-row", "gb18030", "crlf"],
)
def test_a_row_with_a_byte_that_is_no_text_is_left_out_alone(content: bytes, encoding: str, tmp_path: Path) -> None:
    """The row is named by the byte, its KPI says that it lost it, and all other rows count."""
    reading = read(tmp_path, content)
    (fault,) = reading.diagnostics
    assert faults(reading) == [Found("KT421", 4, 23, "g/cases")]
    assert fault.args["encoding"] == encoding
    assert fault.excerpt.startswith("cases,2021-03-31,5,bad\ufffd")
    fault.render().encode()  # nothing in it that no output could write
    assert [(row.value, row.note) for row in reading.observations["cases"].rows] == [(3.0, "一月份的数"), (4.0, "")]
    assert reading.left_out == {"cases": 1}


def test_damage_is_of_the_row_that_it_lies_in(tmp_path: Path) -> None:
    """A row of several lines, a row whose KPI is what cannot be read, one too short: each is named once."""
    reading = read(
        tmp_path,
        b'kpi,date,value,note\ncases,2021-01-31,3,"a\nb\xff\nc"\nm\xffney,2021-01-31,3,\xff\ntime\xff\ncases,2021-02-28,4,\n'
        b"cases,2021-03-31,5,\ncases,2021-13-31,5,\n",
    )
    assert faults(reading) == [
        Found("KT421", 3, 2, "g/cases"),
        Found("KT421", 5, 2, ""),
        Found("KT421", 6, 5, ""),
        Found("KT407", 9, 7, "g/cases"),
    ]
    assert [row.value for row in reading.observations["cases"].rows] == [4.0, 5.0]
    assert reading.left_out == {"cases": 2}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A file that is not there is a fault, in both languages in words of ours."""
    reading = read_observations(plan_in(tmp_path), [tmp_path / "none.csv"])
    (fault,) = reading.diagnostics
    assert (fault.code, fault.message()) == ("KT101", "the file cannot be read: there is no such file")


def test_a_folder_or_a_pipe_is_no_file(tmp_path: Path) -> None:
    """What would never end is not waited for."""
    os.mkfifo(tmp_path / "pipe.csv")
    reading = read_observations(plan_in(tmp_path), [tmp_path, tmp_path / "pipe.csv"])
    assert [fault.message() for fault in reading.diagnostics] == [
        "the file cannot be read: it is not a regular file"
    ] * 2


def test_a_path_with_a_zero_byte_is_no_traceback(tmp_path: Path) -> None:
    """What the system refuses as a path is a fault like others."""
    (fault,) = read_observations(plan_in(tmp_path), ["a\x00b.csv"]).diagnostics
    assert fault.code == "KT101"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_named(tmp_path: Path) -> None:
    """A file that may not be read is a fault."""
    file = tmp_path / "rows.csv"
    file.write_text(GOOD, encoding="utf-8")
    file.chmod(0)
    (fault,) = read_observations(plan_in(tmp_path), [file]).diagnostics
    assert fault.message() == "the file cannot be read: no permission"


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    """A file beyond the limit is named by its size; a sparse one shows it at no cost."""
    file = tmp_path / "rows.csv"
    with file.open("wb") as handle:
        handle.truncate(filetext.MAX_BYTES + 1)
    (fault,) = read_observations(plan_in(tmp_path), [file]).diagnostics
    assert (fault.code, fault.args["value"]) == ("KT105", filetext.MAX_BYTES + 1)


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ('cases,2021-01-31,3,ok\ncases,2021-02-28,4,"never closed\nmore\n', 3),
        ('cases,2021-01-31,"3"x,\n', 2),
        (f"cases,2021-01-31,3,{'x' * 131_073}\n", 2),
    ],
    ids=["open-quote", "after-quote", "too-long"],
)
def test_where_rows_cannot_be_told_apart_the_file_is_left(rows: str, line: int, tmp_path: Path) -> None:
    """A quote that is not closed is named by the row that it starts in; what stands before is kept."""
    reading = read(tmp_path, "kpi,date,value,note\n" + rows)
    assert faults(reading) == [Found("KT414", line, 1, "g/cases")]
    assert reading.left_out == {"cases": 1}
    assert len(reading.observations.get("cases").rows if "cases" in reading.observations else ()) == line - 2


def test_the_kpis_of_rows_below_an_open_quote_say_that_they_lost_them(tmp_path: Path) -> None:
    """Each line that names a KPI where the column stands is a row that is lost; what is read is told of none of them."""
    rows = 'cases,2021-01-31,3,\nmoney,2021-02-28,4,"open\ncases,2021-02-28,4,\n\ng/time,2021-02-28,4,"x\ny"\nnone,2021-01-31,1,\ncases\n'
    reading = read(tmp_path, "kpi,date,value,note\n" + rows)
    assert faults(reading) == [Found("KT414", 3, 1, "g/money")]
    assert reading.left_out == {"money": 1, "cases": 1, "time": 1}
    assert [row.value for row in reading.observations["cases"].rows] == [3.0]


def test_a_quote_before_the_name_of_the_kpi_hides_it(tmp_path: Path) -> None:
    """Nothing is said of a KPI whose name stands behind the quote; the lines below are looked through."""
    rows = '"open,cases,2021-01-31,3\nx,cases,2021-02-28,4\n"a\nb",time,2021-02-28,4\n'
    reading = read(tmp_path, "note,kpi,date,value\n" + rows)
    assert faults(reading) == [Found("KT414", 2, 1, "")]
    assert reading.left_out == {"cases": 1, "time": 1}


def test_a_quote_that_swallows_more_than_a_field_can_hold(tmp_path: Path) -> None:
    """The row in which it stands, over several lines, is known all the same; so are those far below."""
    row = "time,2021-01-31,3,\n"
    reading = read(tmp_path, 'note,kpi,date,value\n"a\nb",cases,2021-01-31,"3\n' + f"x,{row}" * 10_000)
    assert faults(reading) == [Found("KT414", 2, 1, "g/cases")]
    assert reading.left_out == {"cases": 1, "time": 10_000}


def test_quotes_that_break_the_first_row_are_named_once(tmp_path: Path) -> None:
    """A first row that cannot be read gives one fault, not missing columns besides."""
    assert faults(read(tmp_path, 'kpi,date,"value\n')) == [Found("KT414", 1, 1, "")]


def test_a_field_that_is_too_long_says_so(tmp_path: Path) -> None:
    """The limit of the CSV reader is told in our words."""
    (fault,) = read(tmp_path, f"kpi,date,value,note\ncases,2021-01-31,3,{'x' * 131_073}\n").diagnostics
    assert "131,072" in fault.message()


@pytest.mark.parametrize("separator", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_characters_that_only_some_take_for_line_ends_stay_in_their_field(separator: str, tmp_path: Path) -> None:
    """A form feed or a line separator pasted into a note neither splits the row nor moves later line numbers."""
    reading = read(tmp_path, f"kpi,date,value,note\ncases,2021-01-31,3,a{separator}b\ncases,x,3,\n")
    assert faults(reading) == [Found("KT407", 3, 7, "g/cases")]
    assert reading.observations["cases"].rows[0].note == f"a{separator}b"


def test_places_hold_behind_fields_of_several_lines(tmp_path: Path) -> None:
    """A quoted note over three lines moves neither the line of a fault nor its column."""
    rows = 'note,kpi,date,value\n"one\n""two"", and\nthree",cases,2021-13-01,3\nx,cases,2021-01-31,"y"\n'
    reading = read(tmp_path, rows)
    assert faults(reading) == [Found("KT407", 4, 14, "g/cases"), Found("KT406", 5, 21, "g/cases")]


FIELD = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=6).filter(
    lambda text: "\n" not in text[: len(text) - len(text.lstrip())]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(FIELD, FIELD, FIELD), min_size=1, max_size=4))
def test_whatever_csv_writes_is_read_back_with_the_place_of_every_field(
    rows: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    """Any text written by a CSV writer comes back, and each field is found where it starts."""
    file = tmp_path / "any.csv"
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerows([("kpi", "date", "value"), *rows])
    report = Report()
    found = list(read_table(str(file), report))
    wanted = [tuple(field.strip() for field in row) for row in rows if any(field.strip() for field in row)]
    assert [tuple(row.fields.values()) for row in found] == wanted
    for row in found:
        for index, column in enumerate(row.order):
            place = table.field_place(report, Place(str(file), row.line), index)
            first = row.fields[column].partition("\n")[0].replace('"', '""')
            assert report.line(place)[place.column - 1 :].startswith(first.strip())
