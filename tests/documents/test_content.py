"""The document as a whole: its pages, their links, both languages, the words of formats, no time of writing."""

import re
from datetime import date, datetime

import pytest
from hypothesis import given

import kpi_tracker
from kpi_tracker import Scorecard
from kpi_tracker.documents.blocks import Chart, Document, Entry, Page, Pages, Table
from kpi_tracker.documents.content.chrome import CHROME
from kpi_tracker.documents.content.document import document
from kpi_tracker.language import LANGUAGES
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.measure import Status
from kpi_tracker.model.observation import Observation
from kpi_tracker.record import changed
from tests.builders import card, day, goal, kpi, obs, plan, text
from tests.documents.reading import column, links, page, said, section, table
from tests.reporting.showcase import AS_OF, PLAN, scored
from tests.test_laws import LATER, UNHURRIED, observed
from tests.test_shipped_plan import PLAN as SHIPPED

BEFORE = date(2021, 6, 30)


def shipped() -> Scorecard:
    """Return the scorecard of the shipped plan."""
    return kpi_tracker.check(SHIPPED, AS_OF)


@pytest.fixture(scope="module", params=LANGUAGES)
def told(request: pytest.FixtureRequest) -> Document:
    """The showcase in each language, with what changed in a quarter."""
    return document(scored(), request.param, kpi_tracker.check(PLAN, BEFORE))


def test_there_is_a_page_for_the_plan_the_list_and_every_item(told: Document) -> None:
    """In the plan's order; the index says so before a page is made."""
    pages = list(told.pages)
    assert [entry.id for entry in told.index] == ["", "kpis", *(path for path in scored().items if path)]
    assert [(one.id, one.kind, one.title) for one in pages] == list(told.index)
    assert len(told.pages) == len(pages) == 28
    assert told.contents[0] == ("", told.title)
    assert [one for one, _ in told.contents[2:]] == ["service", "growth", "safety", "archive", "autumn"]


def test_pages_can_be_read_again_and_are_the_same(told: Document) -> None:
    """They are made while they are read, each time alike."""
    assert list(told.pages) == list(told.pages)


def test_every_link_leads_to_a_page(told: Document) -> None:
    """And every KPI is led to from the plan, from the list and from its goal."""
    pages = {one.id: one for one in told.pages}
    for one in pages.values():
        assert set(links(one)) <= set(pages), one.id
    for kpi_score in scored().kpis:
        above = kpi_score.path.rpartition("/")[0]
        assert all(kpi_score.path in set(links(pages[start])) for start in ("", "kpis", above))


def test_trails_lead_down_from_the_plan(told: Document) -> None:
    """Through every goal above."""
    assert [one for one, _ in page(told, "growth/reform/pilots").trail] == ["", "growth", "growth/reform"]
    assert page(told, "").trail == ()


def test_sections_and_tables_have_names_of_their_own(told: Document) -> None:
    """Within a page no two sections, tables or charts share one."""
    for one in told.pages:
        blocks = [block for part in one.sections for block in part.blocks]
        for names in (
            [part.id for part in one.sections],
            [block.name for block in blocks if isinstance(block, Table | Chart)],
        ):
            assert len(set(names)) == len(names), (one.id, names)


def test_rows_have_a_cell_for_every_column(told: Document) -> None:
    """A table is never ragged."""
    for one in told.pages:
        for part in one.sections:
            for block in part.blocks:
                if isinstance(block, Table):
                    assert {len(row.cells) for row in block.rows} == {len(block.columns)}, (one.id, block.name)


def shape(one: Page) -> list[object]:
    """Return what a page has in any language."""
    blocks = [block for part in one.sections for block in part.blocks]
    tables = [(block.name, len(block.rows), len(block.columns)) for block in blocks if isinstance(block, Table)]
    return [one.id, one.kind, [part.id for part in one.sections], [type(block) for block in blocks], tables]


def test_both_languages_have_the_same_pages_and_blocks() -> None:
    """Only the words differ."""
    zh, en = (document(shipped(), lang, kpi_tracker.check(SHIPPED, BEFORE)) for lang in LANGUAGES)
    assert [shape(one) for one in zh.pages] == [shape(one) for one in en.pages]
    assert (zh.title, en.title) == (
        "平湖市市场监督管理局2021年工作计划",
        "Pinghu Market Supervision Administration, work plan 2021",
    )


def test_no_time_of_writing_stands_in_a_document(told: Document) -> None:
    """The same input gives the same bytes tomorrow: the years are those of the plan."""
    everything = "\n".join(said(one) for one in told.pages)
    years = {int(year) for year in re.findall(r"\b(20\d\d)-\d\d", everything)}
    assert years == {2020, 2021, 2022}  # the next figures are due in January
    assert datetime.now().strftime("%Y-%m-%d") not in everything


def test_places_do_not_tell_of_the_machine() -> None:
    """Where something was written is told from the plan's folder on, wherever that is."""
    absolute = said(page(document(kpi_tracker.check(PLAN.resolve(), AS_OF), "en"), "permits"))
    assert "areas/1-service.yaml:8:9" in absolute
    assert str(PLAN.resolve()) not in absolute


def test_places_outside_the_folder_stay_as_they_are() -> None:
    """A plan made in memory has no folder, and no places."""
    made = card(plan(kpi("k", t=12.0)), [obs("k", "2021-06-30", 5.0)], "2021-06-30")
    assert "KPI written at" in said(page(document(made, "en"), "k"))


def test_illustrative_data_and_faults_stand_on_every_page() -> None:
    """As banners; a document without either has none."""
    assert document(scored(), "en").banners == ()
    made_up = document(shipped(), "en")
    assert made_up.illustrative
    assert made_up.banners == ("Illustrative data: figures made up to show the product, not real results",)
    broken = kpi_tracker.check(PLAN.parent / "negative" / "KT308-no-direction", AS_OF)
    assert document(broken, "en").banners == (
        "2 faults in the plan or its data: what could not be read is left out",
    )  # fmt: skip


def test_formats_have_their_words_in_both_languages() -> None:
    """With the places that a script fills in left as they are."""
    for lang in LANGUAGES:
        words = document(scored(), lang).words
        assert set(words) == set(CHROME)
        assert all(words.values())
        assert all(place in words["rows_shown"] for place in ("{n}", "{all}"))


def test_another_language_is_refused() -> None:
    """Documents are in Chinese or English."""
    with pytest.raises(ValueError, match="language"):
        document(scored(), "de")


def test_an_item_that_is_called_like_the_list_has_a_page_of_its_own() -> None:
    """The list of all KPIs does not take the page of a goal with the id `kpis`."""
    found = document(card(plan(goal("kpis", kpi("k", t=1.0))), [], "2021-01-31"), "en")
    assert [entry[:2] for entry in found.index] == [
        ("", "plan"),
        ("kpis", "list"),
        ("kpis~", "goal"),
        ("kpis/k", "kpi"),
    ]
    assert page(found, "kpis~").title == "kpis"
    assert [one for one, _ in page(found, "kpis/k").trail] == ["", "kpis~"]


def test_a_branch_makes_a_document_of_its_own() -> None:
    """It starts from the goal that was asked for, and leads nowhere outside."""
    found = document(scored().only("growth"), "en")
    assert found.title == "Growth of quality"
    assert page(found, "").title == found.title
    assert [entry.id for entry in found.index[:4]] == ["", "kpis", "growth", "growth/reform"]
    for one in found.pages:
        assert set(links(one)) <= {entry.id for entry in found.index}, one.id
    assert [one for one, _ in page(found, "pilots").trail] == ["", "growth/reform"]
    supporter = page(document(scored().only("service"), "en"), "permits")
    assert [cell.to for cell in column(table(supporter, "supports"), "Goal")] == [None]


def test_a_single_kpi_makes_a_document_too() -> None:
    """With the KPI's own headline, and no tree or branches."""
    found = document(scored().only("permits"), "en")
    start = page(found, "")
    assert start.title == "Permits handled"
    assert [part.id for part in start.sections] == ["overview", "lagging", "about"]
    assert "By 2021-09-30, it stands at 5,650 permits" in said(section(start, "overview"))


def test_the_list_has_every_kpi_with_what_it_is_filtered_by() -> None:
    """Status, owner and tags stand on the row, and figures are sorted as numbers."""
    found = table(page(document(shipped(), "en"), "kpis"), "kpis")
    assert found.filtered
    assert len(found.rows) == 88
    by_path = {row.cells[0].to: row for row in found.rows}
    one = by_path["safety-guard/law-enforcement/credit-supervision/licences-revoked"]
    assert (one.status, one.owner) == (Status.LAGGING, "Credit Supervision Section")
    assert {"建党百年", "改革创新"} <= {tag for row in found.rows for tag in row.tags}
    assert [row.cells[1].badge.status for row in found.rows if row.cells[1].badge] == [row.status for row in found.rows]
    value = column(found, "Value")[list(by_path).index(one.cells[0].to)]
    assert (value.text, value.sort) == ("283 companies", 283.0)


def test_grades_are_sorted_by_their_place_and_gaps_last() -> None:
    """A is above C, and what has no value has nothing to be sorted by."""
    found = table(page(document(scored(), "en"), "kpis"), "kpis")
    shown = {row.cells[0].text: value.sort for row, value in zip(found.rows, column(found, "Value"), strict=True)}
    assert shown["Quality grade of the cluster"] == -2.0
    assert shown["Scanners"] is None


def test_pages_are_found_in_their_index() -> None:
    """By entry, or by a page that was made."""
    index = (Entry("", "plan", "P"),)
    pages = Pages(index, lambda entry: Page(entry.id, entry.kind, entry.title, ()))
    assert index[0] in pages
    assert next(iter(pages)) in pages
    assert Page("x", "goal", "X", ()) not in pages
    assert "x" not in pages


def test_hostile_titles_are_shown_as_they_are() -> None:
    """Content hands data on as text: keeping it harmless is for each format."""
    evil = '<script>alert(1)</script> {{ 7 * 7 }} {0} {title} %s "x" \u202e ' + "x" * 10_000
    one = kpi("k", t=12.0, owner=text(evil), tags=(evil,), notes=text(evil))
    one = changed(one, title=text(evil))
    whole = changed(plan(changed(goal("g", one), title=text(evil))), title=text(evil))
    found = document(card(whole, [obs("k", "2021-06-30", 1.0)], "2021-06-30"), "en")
    assert column(table(page(found, "kpis"), "kpis"), "Owner")[0].text == evil
    assert all(said(one) for one in found.pages)
    assert day("2021-06-30") == found.as_of


@UNHURRIED
@given(observed(), LATER, LATER)
def test_any_plan_makes_a_document(found: tuple[Plan, list[Observation]], at: date, before: date) -> None:
    """Whatever its measures and figures: every page is made, no link leads nowhere, no null is shown as Python has it."""
    now, then = (kpi_tracker.score(*found, when) for when in (at, before))
    made = document(now, "en", then)
    pages = {one.id: one for one in made.pages}
    for one in pages.values():
        assert set(links(one)) <= set(pages)
        assert [
            line for line in said(one).splitlines() if re.search(r"\b(None(?! of)|nan|inf|True|False)\b", line)
        ] == []
