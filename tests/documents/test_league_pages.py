"""The pages of a league: what stands on them, in both languages, and the folder that they are written to."""

import re
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from kpi_tracker.diagnostics import Diagnostic, Place
from kpi_tracker.documents.blocks import Document, Tiles
from kpi_tracker.documents.charts.spread import spread_chart
from kpi_tracker.documents.folder import FolderError
from kpi_tracker.documents.naming import page_files
from kpi_tracker.documents.national.document import league_document
from kpi_tracker.documents.national.writing import write_league_pages
from kpi_tracker.language import language
from kpi_tracker.league.group import Group
from kpi_tracker.league.spread import Spread
from kpi_tracker.league.table import League
from kpi_tracker.model.measure import Status
from kpi_tracker.model.unit import Text
from kpi_tracker.record import changed
from tests.documents.parsed import Parsed, files
from tests.league.province import COUNTIES, made_league
from tests.many.province import SILENT, SLIPPED, code, plan


@cache
def site() -> dict[str, bytes]:
    return files(*(league_document(made_league(), lang) for lang in ("zh", "en")))


def page(path: str) -> str:
    return " ".join(" ".join(Parsed(site()[path].decode()).texts).split())


def small(league: League) -> Document:
    """Return a document of a league without scores: few rows, so that it is quickly made."""
    return league_document(changed(league, scores=league.scores.clear()), "en")


def test_every_group_and_every_kpi_has_a_page_in_both_languages() -> None:
    for lang in ("zh", "en"):
        names = {path for path in site() if path.startswith(f"{lang}/")}
        assert {f"{lang}/groups/{code(i)}.html" for i in range(COUNTIES)} <= names
        assert len(names) == 2 + COUNTIES + len(made_league().spreads)


def test_every_link_leads_to_a_file() -> None:
    for path, data in site().items():
        if not path.endswith(".html"):
            continue
        parsed = Parsed(data.decode())
        assert parsed.faults == [], path
        for address in parsed.all("href"):
            target = address.partition("#")[0]
            if target:
                parts: list[str] = path.split("/")[:-1]
                for part in target.split("/"):
                    parts = parts[:-1] if part == ".." else [*parts, part]
                assert "/".join(parts) in site(), (path, address)


def test_every_group_is_a_tile_with_its_status_in_words() -> None:
    for lang, unknown in (("zh", "数据不足"), ("en", "unknown")):
        text = site()[f"{lang}/index.html"].decode()
        tiles = re.findall(r'<li><a class="tile (\w+)" href="([^"]+)">(.*?)</a></li>', text)
        assert len(tiles) == COUNTIES
        silent = next(inside for _, href, inside in tiles if href == f"groups/{code(SILENT[0])}.html")
        assert unknown in silent
        assert "<svg" in silent


def test_the_first_page_tells_what_is_odd_and_what_is_made_up() -> None:
    text = page("en/index.html")
    for told in ("Illustrative data", "League table", "What lags in most groups", "Likely slips of a unit", "Far from the others",
                 "not ranked", f"County {SLIPPED + 1}"):  # fmt: skip
        assert told in text, told


def test_the_page_of_a_kpi_has_its_distribution_in_words_too() -> None:
    path = next(name for name in site() if name.startswith("en/") and name.endswith("/new-entities.html"))
    text = page(path)
    assert re.search(r"Attainment of 15 groups: least .*%, lower quarter up to .*%, median .*%", text)
    assert "It lags in" in text
    assert "far from the others" in text


def test_the_page_of_a_silent_county_says_why_it_has_no_rank() -> None:
    text = page(f"en/groups/{code(SILENT[0])}.html")
    assert "Too little is known of this group for a place: the figures cover 0% of the weight." in text
    assert "not ranked" in text


def test_counts_of_a_group_lead_to_its_own_table() -> None:
    text = site()[f"en/groups/{code(0)}.html"].decode()
    assert 'href="#status=on_track"' in text
    assert 'href="../kpis.html#status' not in text


def test_times_faults_and_veto_are_told_of() -> None:
    league = made_league()
    vetoed = changed(league.standings[0], vetoed=2, bound=1)
    found = small(changed(
        league, known_at=datetime(2021, 10, 1, 9), diagnostics=(Diagnostic("KT374", Place("x"), {"total": 1, "members": ("z",)}),),
        standings=(vetoed, *league.standings[1:]), slips=(), outliers=(), illustrative=False,
    ))  # fmt: skip
    text = "".join(data.decode() for path, data in files(found).items() if path.endswith(".html"))
    assert "as known at 2021-10-01T09:00:00" in text
    assert "KT374: groups in the data" in text
    assert "1 fault in the plan or its data: what could not be read is left out" in text
    assert "Breached veto KPIs: 2" in text
    assert "Lagging binding KPIs: 1" in text
    assert "Illustrative" not in text


def test_nothing_lags_and_nothing_is_due() -> None:
    league = made_league()
    pending = changed(league.unranked[0], status=Status.PENDING, coverage=None)
    calm = tuple(Spread(one.kpi, one.path) for one in league.spreads)
    found = small(changed(league, standings=(pending,), spreads=calm, slips=(), outliers=()))
    text = "".join(data.decode() for path, data in files(found).items() if path.endswith(".html"))
    assert "What lags in most groups" not in text
    assert "Too little is known" not in text


HOSTILE = ("../../etc/passwd", "a/b", "a:b", "CON", "", "<script>", "平湖市", "x" * 300)


def test_ids_of_groups_are_somebody_s_and_lead_nowhere_else() -> None:
    """Names of files take letters, figures, - and _ of them; two that come to the same are told apart."""
    league = made_league()
    one = league.standings[0]
    standings = tuple(changed(one, group=Group(id, Text(id, id))) for id in HOSTILE)
    names = [
        path for path in files(small(changed(league, standings=standings, slips=(), outliers=()))) if "/groups/" in path
    ]
    assert len(names) == len(HOSTILE) == len({name.casefold() for name in names})
    assert all(name.startswith("en/groups/") and name.count("/") == 2 for name in names)
    assert "en/groups/平湖市.html" in names


def test_the_name_of_a_group_is_no_path_of_a_kpi() -> None:
    assert page_files([("~a", "group"), ("a", "kpi")]) == {"~a": "groups/a", "a": "kpis/a"}


def test_tiles_are_a_table_to_other_formats() -> None:
    first = next(iter(small(made_league()).pages))
    block = next(one for one in first.sections[0].blocks if isinstance(one, Tiles))
    assert len(block.rows) == COUNTIES
    assert block.columns[0].title == "Group"


def spread(*values: float, **more: float) -> Spread:
    ordered = sorted(values)
    middle = ordered[len(ordered) // 2]
    return Spread(
        "k", "k", {Status.ON_TRACK: len(values)}, len(values), ordered[0], middle, middle, middle, ordered[-1]
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("values", [(0.5,), (-3.0, 0.2, 9.0), (1.4, 1.45, 1.5), (0.0, 0.0)])
@pytest.mark.parametrize("expected", [None, 0.0, 0.75, 2.0])
def test_a_distribution_stays_in_its_picture(lang: str, values: tuple[float, ...], expected: float | None) -> None:
    drawn = spread_chart("A KPI", spread(*values), values, expected, language(lang), illustrative=True)
    assert drawn is not None
    bars = [one.attributes for one in drawn.elements if one.attributes.get("class") == "c-dot"]
    assert 1 <= len(bars) <= len(values)
    for one in bars:
        x, wide, y, high = (float(one[name]) for name in ("x", "width", "y", "height"))
        assert 0 <= x <= x + wide <= drawn.width
        assert 0 <= y <= y + high <= drawn.height
    assert drawn.description


def test_without_a_figure_there_is_no_picture() -> None:
    assert spread_chart("A KPI", Spread("k", "k"), (), None, language("en")) is None


def test_what_has_no_figure_is_counted_in_words() -> None:
    some = changed(spread(0.5), counts={Status.NO_DATA: 2, Status.ON_TRACK: 1})
    drawn = spread_chart("A KPI", some, (0.5,), None, language("en"))
    assert drawn is not None
    assert "2 of them have no current figure." in drawn.description


def test_the_folder_is_written_whole_and_is_that_of_this_league(tmp_path: Path) -> None:
    league = made_league()
    small_league = changed(
        league, scores=league.scores.clear(), standings=league.standings[:2], spreads=league.spreads[:2], slips=(), outliers=()
    )  # fmt: skip
    told: list[tuple[int, int]] = []
    written = write_league_pages(
        small_league, str(tmp_path / "out"), progress=lambda done, whole: told.append((done, whole))
    )  # fmt: skip
    assert told == [(n, 12) for n in range(1, 13)]
    assert (tmp_path / "out" / "zh" / "index.html").exists()
    assert len(written.files) == 12 + 4
    again = write_league_pages(small_league, str(tmp_path / "out"), languages=("zh", "zh"))
    assert all(name.startswith("en/") for name in again.removed)
    other = changed(small_league, column="city", scores=small_league.scores.rename({"county": "city"}))
    with pytest.raises(FolderError, match="not of"):
        write_league_pages(other, str(tmp_path / "out"))


def test_a_plan_made_by_hand_has_no_folder_to_keep_apart(tmp_path: Path) -> None:
    league = made_league()
    by_hand = changed(plan(), where=Place(""))
    none = changed(league, plan=by_hand, scores=league.scores.clear(), standings=(), spreads=(), slips=(), outliers=())
    assert write_league_pages(none, str(tmp_path / "out"), languages=("en",)).files
