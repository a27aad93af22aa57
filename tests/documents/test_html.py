"""The files of the site, read as text: well-formed, linked, quiet, and harmless whatever the plan holds."""

import posixpath
import re
from itertools import pairwise
from urllib.parse import unquote, urlsplit

import pytest

from kpi_tracker.documents.blocks import (
    Paragraph,
)
from kpi_tracker.documents.html.site import CSP, site_files
from kpi_tracker.record import changed
from tests.documents.made import HOSTILE, ROWS, badge, both, every_block, made, page
from tests.documents.parsed import Parsed, files, one, parsed, whole


def test_every_page_has_its_file_and_the_shared_ones_stand_beside() -> None:
    found = set(files(*both()))
    pages = {"index", "kpis", "goals/g", *(f"kpis/{name}" for name, *_ in ROWS)}
    assert found == {f"{lang}/{name}.html" for lang in ("zh", "en") for name in pages} | {
        "index.html", "assets/style.css", "assets/site.js", "assets/icon.svg",
    }  # fmt: skip


def test_the_same_documents_make_the_same_bytes() -> None:
    assert files(*both()) == files(*both())


def test_pages_are_made_one_at_a_time() -> None:
    """The first pages are there before the last one is asked for."""
    asked = []

    class Pages(tuple[object, ...]):
        def __iter__(self):  # type: ignore[no-untyped-def]
            for each in super().__iter__():
                asked.append(each)
                yield each

    document = made()
    written = site_files([changed(document, pages=Pages(document.pages))])
    assert next(path for path, _ in written if path.startswith("en/")) == "en/index.html"
    assert len(asked) == 1


def test_every_page_is_well_formed() -> None:
    for path, found in parsed().items():
        assert found.faults == [], path
        assert found.comments == [], path


def test_every_id_is_there_once() -> None:
    for path, found in parsed().items():
        ids = found.all("id")
        assert len(set(ids)) == len(ids), path
        for name in ("aria-labelledby", "aria-controls", "data-for"):
            assert set(found.all(name)) <= set(ids), path


def test_every_link_leads_to_a_file_of_the_site() -> None:
    for path, found in parsed().items():
        for address in (*found.all("href"), *found.all("src"), *found.all("data-list")):
            parts = urlsplit(address)
            assert (parts.scheme, parts.netloc, parts.query) == ("", "", ""), address
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path)))
            if not parts.path:
                assert parts.fragment in found.all("id"), (path, address)
            else:
                assert target in whole(), (path, address)


def test_every_page_forbids_to_load_anything_and_tells_no_one() -> None:
    for path, found in parsed().items():
        named = {
            attributes.get("http-equiv") or attributes.get("name"): attributes.get("content")
            for tag, attributes in found.elements
            if tag == "meta"
        }
        assert named["Content-Security-Policy"] == CSP, path
        assert (named["robots"], named["referrer"]) == ("noindex", "no-referrer"), path
        assert not found.all("style"), path
        assert found.tags()["script"] == 1, path
        assert not [name for _, attributes in found.elements for name in attributes if name.startswith("on")], path


def test_the_policy_names_no_host() -> None:
    assert CSP.startswith("default-src 'none';")
    assert set(re.findall(r"\S+:", CSP)) == {"file:"}
    assert "unsafe" not in CSP


def test_nothing_in_the_files_points_elsewhere() -> None:
    for path, data in whole().items():
        if path.endswith((".css", ".js", ".svg")):
            text = data.decode().replace("http://www.w3.org/2000/svg", "")
            assert "http:" not in text, path
            assert "https:" not in text, path
            assert "@import" not in text, path
            assert "url(" not in text, path
    assert len(whole()["assets/site.js"]) < 12_000


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_what_a_plan_holds_stays_text(number: int) -> None:
    """A page with a hostile text has the elements of a page with a harmless one, and shows the text."""
    found = parsed()[f"en/kpis/h{number}.html"]
    harmless = Parsed(files(made("en", page("h0", "kpi", *every_block("words"), title="t", subtitle="t", badge=badge()),
                                 banners=HOSTILE[:4]), made("zh", page("h0", "kpi")))["en/kpis/h0.html"].decode())  # fmt: skip
    assert found.tags() == harmless.tags()
    shown = "".join(found.texts)
    for line in HOSTILE[number].splitlines():
        for part in re.split(r"[^ -~\u00a0-\ud7ff\U00010000-\U0010ffff]|[\u2000-\u206f]", line):
            assert part in shown


def test_characters_that_steer_the_screen_are_written_out() -> None:
    for path, data in whole().items():
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe]", data.decode()), path
    shown = "".join(parsed()["en/kpis/h7.html"].texts + parsed()["en/kpis/h9.html"].texts)
    assert "right to left \\u202egnp.exe and \\u2066 isolated" in shown
    assert "control \\x00 \\x07 \\x1b[31m \\x85 \\ud800 \\ufffe end" in shown


def test_headings_come_in_order() -> None:
    for path, found in parsed().items():
        levels = [int(tag[1]) for tag, _ in found.elements if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1, path
        assert all(after - before <= 1 for before, after in pairwise(levels)), path
        assert levels.count(1) == 1, path


def test_each_page_names_its_language_and_leads_to_the_other() -> None:
    found = parsed()
    assert found["zh/kpis/a9.html"].all("lang")[0] == "zh-CN"
    assert found["en/kpis/a9.html"].all("lang")[0] == "en"
    assert "../../zh/kpis/a9.html" in found["en/kpis/a9.html"].all("href")
    assert "../en/index.html" in found["zh/index.html"].all("href")


def test_a_page_that_the_other_language_does_not_have_is_not_linked_there() -> None:
    site = files(made("zh"), made("en", page("only", "kpi")))
    assert b"hreflang" not in site["en/kpis/only.html"]
    assert b"hreflang" in site["en/kpis/a9.html"]


def test_a_document_in_one_language_offers_no_other() -> None:
    site = files(made("zh"))
    assert b"hreflang" not in site["zh/index.html"]
    assert Parsed(site["index.html"].decode()).all("href")[-1] == "zh/index.html"


def test_the_first_page_offers_both_languages_in_their_own_words() -> None:
    found = parsed()["index.html"]
    assert [text for text in found.texts if text in ("中文", "English")] == ["中文", "English"]
    assert {"zh/index.html", "en/index.html"} <= set(found.all("href"))


def test_the_menu_leads_to_the_plan_the_list_and_the_goals_and_marks_the_page_itself() -> None:
    found = Parsed(files(made("en", contents=(("", "Plan"), ("kpis", "List"), ("g", "Goal"), ("gone", "Gone"))))[
        "en/goals/g.html"].decode())  # fmt: skip
    assert [a["href"] for tag, a in found.elements if a.get("aria-current")] == ["../goals/g.html"]
    assert "Gone" not in found.texts
    assert "List" not in found.texts  # the menu calls it All KPIs
    assert {"../index.html", "../kpis.html"} <= set(found.all("href"))


def test_a_plan_without_goals_or_list_has_neither_in_its_menu() -> None:
    found = one(Paragraph("words"))
    assert "All KPIs" not in found.texts
    assert "Goals" not in found.texts
    assert not found.all("data-list")
