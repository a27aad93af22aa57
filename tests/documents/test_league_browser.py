"""The pages of a league in a real browser: the map by keyboard, the table sorted and filtered, phones, axe."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from kpi_tracker.documents.html.site import site_files
from kpi_tracker.documents.national.document import league_document
from tests.documents.browser import chromium, opened, violations, write
from tests.league.province import COUNTIES, made_league
from tests.many.province import SILENT, code


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> str:
    documents = [league_document(made_league(), lang) for lang in ("zh", "en")]
    return write(site_files(documents), tmp_path_factory.mktemp("league")).as_uri() + "/"


NAMES = ("index", "kpis", f"groups/{code(0)}", f"groups/{code(SILENT[0])}", "kpis/{kpi}")


def address(site: str, lang: str, name: str) -> str:
    kpi = next(one.path for one in made_league().spreads if one.kpi == "new-entities")
    return f"{site}{lang}/{name.format(kpi=kpi)}.html"


@pytest.mark.parametrize(
    ("lang", "scheme", "phone"),
    [("zh", "light", False), ("en", "dark", False), ("zh", "dark", True), ("en", "light", True)],
)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browser: Browser, site: str, lang: str, scheme: str, phone: bool
) -> None:
    with opened(browser, site + "index.html", phone=phone, color_scheme=scheme) as (page, heard):
        for name in NAMES:
            page.goto(address(site, lang, name))
            assert violations(page) == [], name
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
        assert heard.nothing_but(site), heard.complaints


def test_every_tile_is_reached_by_keyboard_and_leads_to_its_county(browser: Browser, site: str) -> None:
    with opened(browser, site + "en/index.html") as (page, _):
        tiles = page.locator("a.tile")
        assert tiles.count() == COUNTIES
        tiles.first.focus()
        name = tiles.nth(1).locator("span").first.inner_text()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text(name)


def test_the_table_can_be_sorted_and_filtered(browser: Browser, site: str) -> None:
    with opened(browser, site + "en/index.html") as (page, _):
        rows = page.locator("#table-groups tbody tr:not([hidden])")
        assert rows.count() == COUNTIES
        page.locator("#table-groups thead button", has_text="Attainment").click()
        shares = [float(text.rstrip("%")) for text in rows.locator("td:nth-child(4)").all_inner_texts() if "%" in text]
        assert shares == sorted(shares, reverse=True)
        assert code(SILENT[0]) in (rows.last.locator("a").get_attribute("href") or "")
        page.locator("#filter-groups-owner").select_option(label="东江市")
        assert rows.count() == sum(one.group.parent == "东江市" for one in made_league().standings)
        expect(page.locator("label[for=filter-groups-owner]")).to_have_text("Belongs to")


def test_a_count_of_a_county_filters_its_own_table(browser: Browser, site: str) -> None:
    with opened(browser, f"{site}en/groups/{code(0)}.html") as (page, _):
        page.locator(".counts a", has_text="on track").click()
        rows = page.locator("#table-kpis tbody tr:not([hidden])")
        expect(page.locator("#filter-kpis-status")).to_have_value("on_track")
        number = int(page.locator(".counts a", has_text="on track").locator("b").inner_text())
        assert rows.count() == number


def test_the_language_is_switched_on_the_same_page(browser: Browser, site: str) -> None:
    with opened(browser, f"{site}en/groups/{code(0)}.html") as (page, _):
        page.locator("a.language").click()
        expect(page.locator("h1")).to_have_text("第1县")
        assert Path(page.url).name == f"{code(0)}.html"
