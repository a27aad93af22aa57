"""The site in a real browser, opened from the file system: what a reader sees, clicks, types, and hears."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from kpi_tracker.documents.blocks import Branch, Cell, Tree
from kpi_tracker.documents.content.document import document
from kpi_tracker.documents.html.site import site_files
from kpi_tracker.record import changed
from tests.documents.browser import PHONE, chromium, opened, violations, write
from tests.documents.made import HOSTILE, ROWS, badge, both, every_block, made, page
from tests.documents.made import page as page_of
from tests.reporting.showcase import scored

SHOWN = "#table-all tbody tr:not([hidden]) th"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return one browser for all tests."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a site in both languages, with a page for every hostile text."""
    pages = [
        page(f"h{number}", "kpi", *every_block(text), title=text, subtitle=text, badge=badge(text=text))
        for number, text in enumerate(HOSTILE)
    ]
    return write(site_files(both(*pages, banners=("figures made up",))), tmp_path_factory.mktemp("a site, made"))


@pytest.fixture(scope="module")
def site(folder: Path) -> str:
    """Return the address of that folder."""
    return folder.as_uri() + "/"


def names(page: Page) -> list[str]:
    """Return the names of the KPIs shown in the list, in their order."""
    return [text.split()[0] for text in page.locator(SHOWN).all_inner_texts()]


def test_every_link_can_be_followed_and_no_page_complains(browser: Browser, site: str) -> None:
    with opened(browser, site + "index.html") as (page, heard):
        to_do, done = [site + "index.html"], set[str]()
        while to_do:
            address = to_do.pop()
            if address in done or "/h" in address:  # hostile pages have a test of their own
                continue
            done.add(address)
            page.goto(address)
            assert page.locator("h1").count() == 1
            links = page.locator("a[href]").evaluate_all("links => links.map(link => link.href)")
            to_do += [link.partition("#")[0] for link in links]
        assert len(done) == 1 + 2 * (3 + len(ROWS))
        assert heard.nothing_but(site), (heard.complaints, heard.requests)


def test_the_stylesheet_and_the_script_are_let_in_by_the_policy(browser: Browser, site: str) -> None:
    with opened(browser, site + "en/kpis/a9.html") as (page, _):
        assert page.evaluate("getComputedStyle(document.querySelector('body > header')).position") == "sticky"
        assert page.evaluate("document.documentElement.classList.contains('js')")


def test_the_policy_keeps_what_is_put_in_from_running_or_loading(browser: Browser, site: str) -> None:
    with opened(browser, site + "en/index.html") as (page, heard):
        page.evaluate("document.body.innerHTML += '<img src=https://example.org/x.png onerror=alert(1)>'")
        page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'alert(2)'}))")
        page.evaluate("fetch('https://example.org/').catch(() => 0)")
        assert len(heard.complaints) >= 3
        assert all("Content Security Policy" in complaint for complaint in heard.complaints)
        assert not [url for url in heard.requests if url.startswith("https:") and "x.png" not in url]


def test_a_server_can_hold_the_site_as_well(browser: Browser, folder: Path) -> None:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        root = f"http://127.0.0.1:{server.server_port}/"
        context = browser.new_context()
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(root + "en/kpis.html#status=lagging")
        assert names(page) == ["a10", "a1"]
        page.get_by_role("link", name="a1", exact=True).click()
        expect(page.locator("h1")).to_have_text("a1")
        assert all(url.startswith(root) for url in asked)
        context.close()
        server.shutdown()


@pytest.mark.parametrize(
    ("label", "choice", "left"),
    [
        ("Status", "lagging", ["a10", "a1"]),
        ("Owner", "Bureau of Quality", ["a10", "a9"]),
        ("Tag", "food", ["a10", "b"]),
    ],
)
def test_a_filter_leaves_what_it_names_and_can_be_sent(
    browser: Browser, site: str, label: str, choice: str, left: list[str]
) -> None:
    with opened(browser, site + "en/kpis.html") as (page, heard):
        page.get_by_label(label, exact=True).select_option(label=choice)
        assert names(page) == left
        expect(page.locator("form.filters [role=status]")).to_have_text(f"{len(left)} of {len(ROWS)} shown")
        sent = page.url
        assert heard.nothing_but(site)
    with opened(browser, sent) as (page, _):
        assert names(page) == left
        assert page.get_by_label(label, exact=True).locator("option:checked").inner_text() == choice


def test_filters_work_together_and_are_cleared_together(browser: Browser, site: str) -> None:
    with opened(browser, site + "en/kpis.html") as (page, _):
        page.get_by_label("Tag", exact=True).select_option("market")
        page.get_by_label("Owner", exact=True).select_option("Safety, Section 2")
        assert names(page) == ["a1"]
        page.get_by_label("Text", exact=True).fill("no such thing")
        assert names(page) == []
        page.get_by_role("button", name="Value").click()
        page.get_by_role("button", name="Clear").click()
        assert names(page) == [name for name, *_ in ROWS]
        assert "#" not in page.url
        expect(page.locator("form.filters [role=status]")).to_have_text("4 of 4 shown")


def test_the_search_folds_what_looks_the_same(browser: Browser, site: str) -> None:
    """Full-width letters, capitals and the order of words make no difference."""
    with opened(browser, site + "en/kpis.html") as (page, _):
        page.get_by_label("Text", exact=True).fill("SECTION ｓafety")
        assert names(page) == ["a1"]


def test_the_search_of_every_page_leads_to_the_list(browser: Browser, site: str) -> None:
    with opened(browser, site + "en/kpis/a9.html") as (page, heard):
        page.get_by_label("Search KPIs").fill("section 2 & more #1")
        page.get_by_label("Search KPIs").press("Enter")
        page.wait_for_url("**/en/kpis.html#q=*")
        expect(page.get_by_label("Text", exact=True)).to_have_value("section 2 & more #1")
        page.get_by_label("Search KPIs").fill("a9")
        page.get_by_label("Search KPIs").press("Enter")  # on the list itself
        expect(page.locator(SHOWN)).to_have_count(1)
        assert heard.nothing_but(site)


@pytest.mark.parametrize(
    ("column", "first", "second"),
    [
        ("Value", ["a1", "a10", "a9", "b"], ["a9", "a10", "a1", "b"]),  # 1,200 is more than 10; b has none
        ("KPI", ["a1", "a9", "a10", "b"], ["b", "a10", "a9", "a1"]),  # a9 stands before a10
        ("Owner", ["a10", "a9", "a1", "b"], ["a1", "a10", "a9", "b"]),  # equals keep their order
    ],
)
def test_a_column_sorts_both_ways_and_what_is_nothing_stays_last(
    browser: Browser, site: str, column: str, first: list[str], second: list[str]
) -> None:
    with opened(browser, site + "en/kpis.html") as (page, _):
        head = page.get_by_role("columnheader", name=column)
        assert head.get_attribute("aria-sort") == "none"
        directions = []
        for order in (first, second):
            head.get_by_role("button").click()
            assert names(page) == order
            directions.append(head.get_attribute("aria-sort"))
        assert sorted(directions) == ["ascending", "descending"]  # type: ignore[type-var]
        assert page.locator("th[aria-sort=none]").count() == 3
        sent = page.url
    with opened(browser, sent) as (page, _):
        assert names(page) == second


def test_a_table_that_is_not_filtered_sorts_without_a_word_in_the_address(browser: Browser, site: str) -> None:
    with opened(browser, site + "en/goals/g.html") as (page, _):
        page.get_by_role("button", name="KPI").click()
        assert names(page) == ["a1", "a9", "a10", "b"]
        assert "#" not in page.url


def test_an_address_that_says_nonsense_shows_everything(browser: Browser, site: str) -> None:
    with opened(browser, site + "en/kpis.html#status=gone&owner=%22%3E&sort=99&x=%E0%A4%A") as (page, heard):
        assert names(page) == [name for name, *_ in ROWS]
        assert heard.nothing_but(site)


def test_the_other_language_shows_the_same_page_the_same_way(browser: Browser, site: str) -> None:
    with opened(browser, site + "en/kpis/a10.html") as (page, _):
        page.get_by_role("link", name="中文").click()
        page.wait_for_url("**/zh/kpis/a10.html")
        assert page.locator("html").get_attribute("lang") == "zh-CN"
        page.goto(site + "en/kpis.html#status=lagging&sort=3")
        page.get_by_role("link", name="中文").click()
        page.wait_for_url("**/zh/kpis.html#status=lagging&sort=3")
        assert names(page) == ["a10", "a1"]


def test_the_chosen_colours_last(browser: Browser, site: str) -> None:
    with opened(browser, site + "en/index.html", color_scheme="light") as (page, heard):
        paper = "getComputedStyle(document.body).backgroundColor"
        light = page.evaluate(paper)
        page.get_by_label("Colours").select_option("dark")
        dark = page.evaluate(paper)
        assert dark != light
        page.goto(site + "zh/kpis/a9.html")
        assert page.evaluate(paper) == dark
        page.emulate_media(color_scheme="dark")
        page.locator("select.theme").select_option("light")
        assert page.evaluate(paper) == light
        page.locator("select.theme").select_option("")
        page.reload()
        assert page.evaluate(paper) == dark  # as the system is now
        assert page.evaluate("localStorage.length") == 0
        assert heard.nothing_but(site)


def test_the_page_works_where_nothing_may_be_kept(browser: Browser, site: str) -> None:
    with opened(browser, "about:blank") as (page, heard):
        page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('denied') }})")
        page.goto(site + "en/kpis.html")
        page.get_by_label("Colours").select_option("dark")
        assert page.locator("html").get_attribute("data-theme") == "dark"
        assert not heard.complaints


def test_the_keyboard_alone_is_enough(browser: Browser, site: str) -> None:
    with opened(browser, site + "en/kpis.html") as (page, _):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"
        for _step in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.innerText") == "Value":
                break
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.press("Enter")
        assert names(page)[0] == "a1"
        assert page.evaluate("document.activeElement.innerText") == "Value"  # focus stays where it was


def test_the_list_of_goals_closes_again(browser: Browser, site: str) -> None:
    with opened(browser, site + "en/index.html") as (page, _):
        goals = page.locator("details.drop")
        page.get_by_text("Goals", exact=True).click()
        expect(goals).to_have_attribute("open", "")
        page.keyboard.press("a")
        page.keyboard.press("Escape")
        expect(goals).not_to_have_attribute("open", "")
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
        page.get_by_text("Goals", exact=True).click()
        page.locator("h1").click()
        expect(goals).not_to_have_attribute("open", "")


def test_the_tree_folds_and_unfolds_and_is_printed_unfolded(browser: Browser, site: str) -> None:
    with opened(browser, site + "en/index.html") as (page, _):
        leaf = page.locator(".tree li li .line").first
        expect(leaf).to_be_visible()
        page.get_by_role("button", name="Collapse all").click()
        expect(leaf).to_be_hidden()
        page.get_by_role("button", name="Expand all").click()
        expect(leaf).to_be_visible()
        page.get_by_role("button", name="Collapse all").click()
        page.evaluate("window.print = () => dispatchEvent(new Event('beforeprint'))")
        page.get_by_role("button", name="Print").click()
        expect(leaf).to_be_visible()


def test_paper_shows_the_content_and_nothing_to_click(browser: Browser, site: str) -> None:
    with opened(browser, site + "en/kpis.html", color_scheme="dark") as (page, _):
        page.emulate_media(media="print")
        for name in ("body > header", ".filters", ".skip"):
            expect(page.locator(name).first).to_be_hidden()
        expect(page.locator("h1")).to_be_visible()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert len(page.pdf()) > 1000


@pytest.mark.parametrize(("media", "width"), [("screen", 1200), ("print", 673)])
def test_the_figures_of_a_tree_stand_whole_in_their_columns(
    browser: Browser, tmp_path: Path, media: Literal["screen", "print"], width: int
) -> None:
    """A lag in words is longer than a percentage; 673 pixels are what A4 leaves between the margins."""
    texts = ("100.5%", "100%", "超前112.9个百分点"), ("100.5%", "100%", "112.9 points ahead")
    for lang, figures in zip(("zh", "en"), texts, strict=True):
        leaf = Branch(Cell("A leaf " * 30, badge=badge()), figures)
        tree = Tree((Branch(Cell("A branch", badge=badge()), figures, (leaf,)),), ("完成率", "应达进度", "滞后幅度"))
        only = page_of("", "plan", tree)
        folder = write(site_files((changed(made(lang), pages=(only,)),)), tmp_path / lang)
        with opened(browser, f"{folder.as_uri()}/{lang}/index.html") as (page, _):
            page.emulate_media(media=media)
            page.set_viewport_size({"width": width, "height": 900})
            spans = page.locator(".line .figures > span")
            assert spans.count() == 6
            assert spans.evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth)") == []
            edges = "all => all.map(one => one.getBoundingClientRect().right)"
            heads = page.locator(".head .figures > span").evaluate_all(edges)
            assert spans.evaluate_all(edges) == heads * 2
            paper = page.locator("main").evaluate("main => main.getBoundingClientRect().right")
            assert max(heads) <= paper


@pytest.mark.parametrize("name", ["index", "kpis", "goals/g", "kpis/a9"])
def test_a_phone_scrolls_no_page_sideways(browser: Browser, site: str, name: str) -> None:
    with opened(browser, f"{site}en/{name}.html", phone=True) as (page, heard):
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert heard.nothing_but(site)


def test_a_phone_shows_cards_that_say_what_their_figures_are(browser: Browser, site: str) -> None:
    with opened(browser, site + "en/kpis.html", phone=True) as (page, _):
        cell = page.get_by_role("cell", name="10.0")
        assert cell.evaluate("cell => getComputedStyle(cell, '::before').content") == '"Value / of the year"'
        expect(page.get_by_role("row")).to_have_count(1 + len(ROWS))
        page.get_by_role("button", name="Value").click()
        assert names(page)[0] == "a1"
        panel = page.locator("#panel")
        expect(panel).to_be_hidden()
        page.get_by_role("button", name="Menu").click()
        expect(panel).to_be_visible()
        expect(page.get_by_role("button", name="Menu")).to_have_attribute("aria-expanded", "true")
        page.get_by_role("button", name="Menu").click()
        expect(panel).to_be_hidden()


def test_a_screen_that_becomes_narrow_turns_to_cards(browser: Browser, site: str) -> None:
    with opened(browser, site + "en/kpis.html") as (page, _):
        assert page.locator("table.cards").count() == 0
        page.set_viewport_size({"width": 360, "height": 700})
        expect(page.locator("table.cards")).to_have_count(1)


@pytest.mark.parametrize("width", [641, 800, 1000, 1120, 1121, 1280])
def test_a_long_title_scrolls_no_page_sideways(browser: Browser, site: str, width: int) -> None:
    """Between a phone and a wide screen the head takes two lines, and what is too long for one is cut."""
    with opened(browser, f"{site}en/index.html") as (page, _):
        page.locator(".bar .plan a").evaluate("link => link.append(' of the whole administration'.repeat(9))")
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_wide_table_scrolls_by_itself_also_by_keyboard(browser: Browser, site: str) -> None:
    with opened(browser, site + "en/kpis.html") as (page, _):
        box, cell = page.locator(".scroll"), page.locator("#table-all td").first
        assert box.get_attribute("tabindex") is None
        cell.evaluate("cell => cell.append('x'.repeat(2000))")
        cell.evaluate("cell => cell.style.setProperty('white-space', 'nowrap')")
        page.evaluate("dispatchEvent(new Event('resize'))")
        assert box.get_attribute("tabindex") == "0"
        assert (box.get_attribute("role"), box.get_attribute("aria-label")) == ("region", "All KPIs")
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_what_a_plan_holds_does_nothing_in_a_browser(browser: Browser, site: str, number: int) -> None:
    with opened(browser, f"{site}en/kpis/h{number}.html") as (page, heard):
        assert heard.nothing_but(site), heard.complaints
        assert (
            page.locator("main").locator("script, img, iframe, [onload], [onerror], a[href^=javascript]").count() == 0
        )
        tag = page.locator("form.filters select[data-by=tag] option").nth(-1).get_attribute("value") or ""
        page.locator("form.filters select[data-by=tag]").select_option(value=tag)
        assert page.locator("#table-filters tbody tr:not([hidden])").count() in (1, 2)
        page.set_viewport_size(PHONE)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert not heard.complaints


def test_without_javascript_everything_is_there_and_nothing_that_would_not_work(browser: Browser, site: str) -> None:
    with opened(browser, site + "en/kpis.html", java_script_enabled=False) as (page, _):
        assert names(page) == [name for name, *_ in ROWS]
        for control in page.locator(".script").all():
            expect(control).to_be_hidden()
        assert page.locator("thead button").count() == 0
        page.get_by_role("link", name="a9").click()
        expect(page.locator("h1")).to_have_text("a9")
    with opened(browser, site + "en/index.html", java_script_enabled=False, phone=True) as (page, _):
        expect(page.get_by_role("link", name="All KPIs")).to_be_visible()
        expect(page.locator(".tree li li .line").first).to_be_visible()
        assert page.locator("body").bounding_box()["width"] <= 360  # type: ignore[index]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_axe_finds_no_serious_violation(browser: Browser, site: str, lang: str, scheme: str) -> None:
    with opened(browser, site + "index.html", color_scheme=scheme) as (page, _):
        for name in ("index", f"{lang}/index", f"{lang}/kpis", f"{lang}/goals/g", f"{lang}/kpis/a9"):
            page.goto(f"{site}{name}.html")
            assert violations(page) == [], name


@pytest.fixture(scope="module")
def showcase(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[str]]:
    """Return the address of a site of the plan that has every measure and every status, and the names of its files."""
    documents = [document(scored(), lang) for lang in ("zh", "en")]
    found = write(site_files(documents), tmp_path_factory.mktemp("showcase"))
    return found.as_uri() + "/", sorted(str(path.relative_to(found)) for path in found.rglob("*.html"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_documents_of_a_plan_pass_axe(browser: Browser, showcase: tuple[str, list[str]], scheme: str) -> None:
    site, names = showcase
    some = [name for name in names if name.count("/") == 1] + [name for name in names if name.count("/") > 1][::12]
    with opened(browser, site + "index.html", color_scheme=scheme) as (page, heard):
        for name in some:
            page.goto(site + name)
            assert violations(page) == [], name
        assert heard.nothing_but(site), heard.complaints


def test_no_document_of_a_plan_scrolls_a_phone_sideways(browser: Browser, showcase: tuple[str, list[str]]) -> None:
    site, names = showcase
    with opened(browser, site + "index.html", phone=True) as (page, heard):
        for name in names:
            page.goto(site + name)
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, name
        assert heard.nothing_but(site), heard.complaints


def test_a_picture_that_a_phone_cannot_hold_shows_its_right_end_and_says_so(
    browser: Browser, showcase: tuple[str, list[str]]
) -> None:
    """There stand the newest figure, the target and what is marked; on a screen there is nothing to swipe."""
    site, names = showcase
    address = site + next(name for name in names if name.startswith("zh/") and name.endswith("/permits.html"))
    with opened(browser, address, phone=True) as (page, heard):
        box, hint = page.locator(".broad"), page.locator(".swipe")
        right = "box => Math.abs(box.scrollLeft + box.clientWidth - box.scrollWidth) <= 1"
        assert box.evaluate("box => box.scrollWidth > box.clientWidth")
        assert box.evaluate(right)
        expect(hint).to_be_visible()
        expect(hint).to_contain_text("左右滑动可看全图")
        box.evaluate("box => box.scrollLeft = 0")
        page.evaluate("dispatchEvent(new Event('resize'))")  # as a phone does while its bars come and go
        assert box.evaluate("box => box.scrollLeft") == 0
        assert heard.nothing_but(site), heard.complaints
    with opened(browser, address) as (page, _):
        expect(page.locator(".swipe")).to_be_hidden()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_list_of_all_kpis_fits_a_screen_of_1200_pixels(
    browser: Browser, showcase: tuple[str, list[str]], lang: str
) -> None:
    """Who is responsible, the branch and the tags are not cut off; below a name there is one line for its id."""
    with opened(browser, f"{showcase[0]}{lang}/kpis.html") as (page, _):
        page.set_viewport_size({"width": 1200, "height": 900})
        box = page.locator(".scroll")
        assert box.evaluate("box => box.scrollWidth - box.clientWidth") <= 0
        lines = page.locator("#table-kpis tbody th small").evaluate_all("all => all.map(one => one.offsetHeight)")
        assert max(lines) <= 1.9 * min(lines)


def test_quotes_in_an_english_text_are_latin(browser: Browser, site: str) -> None:
    """Those of a Chinese font are as wide as they are high."""
    with opened(browser, site + "en/index.html") as (page, _):
        page.locator("h1").evaluate("h1 => h1.replaceChildren(document.createElement('span'))")
        quote = page.locator("h1 span")
        quote.evaluate("span => { span.textContent = '“'; span.style.fontSize = '100px'; }")
        assert quote.evaluate("span => span.getBoundingClientRect().width") < 70


def test_the_choice_of_a_status_begins_with_the_worst(browser: Browser, showcase: tuple[str, list[str]]) -> None:
    with opened(browser, f"{showcase[0]}en/kpis.html") as (page, _):
        offered = page.get_by_label("Status", exact=True).locator("option").all_inner_texts()
        assert offered[:3] == ["All", "breached", "missed"]
        assert offered.index("lagging") < offered.index("on track") < offered.index("achieved")


def test_axe_finds_no_serious_violation_on_a_phone(browser: Browser, site: str) -> None:
    with opened(browser, site + "en/kpis.html", phone=True) as (page, _):
        page.get_by_role("button", name="Menu").click()
        assert violations(page) == []
