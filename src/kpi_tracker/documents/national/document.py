"""A league as a document: its pages in one language."""

from collections.abc import Iterator

from kpi_tracker.diagnostics import Severity
from kpi_tracker.documents.blocks import (
    Block,
    Cell,
    Chart,
    Count,
    Document,
    Entry,
    Facts,
    Headline,
    Page,
    Pages,
    Paragraph,
    Reading,
    Section,
)
from kpi_tracker.documents.charts.counts import counts_bar
from kpi_tracker.documents.charts.spread import spread_chart
from kpi_tracker.documents.content.about import made_by
from kpi_tracker.documents.content.cells import badge
from kpi_tracker.documents.content.chrome import chrome_words
from kpi_tracker.documents.naming import LIST, PLAN
from kpi_tracker.documents.national.material import LeagueMaterial
from kpi_tracker.documents.national.tables import (
    group_scores,
    groups_table,
    kpi_scores,
    kpis_table,
    outliers_table,
    slips_table,
    tiles,
)
from kpi_tracker.language import N_, language
from kpi_tracker.league.spread import Spread, scored
from kpi_tracker.league.standing import Standing
from kpi_tracker.league.table import League
from kpi_tracker.model.measure import Status
from kpi_tracker.reporting.words import MEASURE_WORDS, baseline_words, fraction, lag_words, target_words

__all__ = ["league_document"]

LISTED = 20
"""So many of the KPIs that lag in most groups stand on the first page; the list has all."""


def league_document(league: League, lang: str) -> Document:
    """Return the document of `league` in `lang` (`zh` or `en`); its pages are made one by one when they are read."""
    words = language(lang)
    material = LeagueMaterial(league, words)
    title = league.plan.title.in_language(lang)
    index = (
        Entry(PLAN, "plan", title),
        Entry(LIST, "list", words.text(N_("All KPIs"))),
        *(Entry(one.path, "kpi", material.kpi_title(one.kpi)) for one in league.spreads),
        *(Entry(material.page(one.group.id), "group", material.title(one.group.id)) for one in league.standings),
    )
    subtitle = words.text(N_("as of {day}"), day=league.as_of.isoformat())
    if league.known_at is not None:
        subtitle += " · " + words.text(N_("as known at {moment}"), moment=league.known_at.isoformat())
    contents = ((PLAN, title), (LIST, words.text(N_("All KPIs"))))
    return Document(
        lang, title, subtitle, league.as_of, league.plan.id, Pages(index, lambda entry: _page(entry, material, subtitle)),
        tuple(_banners(material)), league.illustrative, contents, made_by(), chrome_words(words), index,
    )  # fmt: skip


def _banners(material: LeagueMaterial) -> Iterator[str]:
    words, league = material.words, material.league
    if league.illustrative:
        yield words.text(N_("Illustrative data: figures made up to show the product, not real results"))
    errors = sum(fault.severity is Severity.ERROR for fault in league.diagnostics)
    if errors:
        yield words.count(
            N_("{n} fault in the plan or its data: what could not be read is left out"),
            N_("{n} faults in the plan or its data: what could not be read is left out"), errors,
        )  # fmt: skip


def _page(entry: Entry, material: LeagueMaterial, subtitle: str) -> Page:
    home = ((PLAN, material.league.plan.title.in_language(material.words.code)),)
    if entry.kind == "plan":
        return Page(PLAN, "list", entry.title, tuple(_overview(material)), subtitle)
    if entry.kind == "list":
        table = kpis_table("kpis", material.league.spreads, material, filtered=True)
        n = len(material.league.spreads)
        heading = material.words.count(N_("{n} KPI"), N_("{n} KPIs"), n)
        return Page(LIST, "list", entry.title, (Section("all", heading, (table,)),), subtitle, home)
    if entry.kind == "kpi":
        sections = tuple(_kpi(material.spread(entry.id), material))
        listed = (LIST, material.words.text(N_("All KPIs")))
        return Page(entry.id, "kpi", entry.title, sections, subtitle, (*home, listed))
    one = material.standing(entry.id)
    return Page(
        entry.id, "group", entry.title, tuple(_group(one, material)), " · ".join(filter(None, (one.group.parent, subtitle))),
        home, badge(one.status, material.words, one.severity),
    )  # fmt: skip


def _overview(material: LeagueMaterial) -> Iterator[Section]:
    words, league = material.words, material.league
    yield Section("map", words.text(N_("All groups at a glance")), (*_said(material), tiles(material)))
    how = Paragraph(words.text(N_(
        "Ranked by the mean attainment of the plan. A group of which too little is known has no rank: its status says so."
    )), "quiet")  # fmt: skip
    yield Section("league", words.text(N_("League table")), (how, groups_table(material)))
    lagging = league.lagging_kpis
    if lagging:
        table = kpis_table("lagging", lagging[:LISTED], material)
        yield Section("lagging", words.text(N_("What lags in most groups")), (table,))
    if league.slips:
        told = words.text(N_("Values about 10,000 times the usual, or a ten-thousandth of it: the unit may be wrong."))
        yield Section("slips", words.text(N_("Likely slips of a unit")), (Paragraph(told), slips_table(material)))
    if league.outliers:
        told = words.text(N_(
            "Attainment with a modified z-score of 3.5 or more, up or down (Iglewicz and Hoaglin 1993), among at least 8 "
            "groups. Look at these before they are praised or blamed."
        ))  # fmt: skip
        yield Section("outliers", words.text(N_("Far from the others")), (Paragraph(told), outliers_table(material)))
    if league.diagnostics:
        faults = tuple(
            Paragraph(f"{fault.code}: {fault.message(words.code)}", "warning") for fault in league.diagnostics
        )
        yield Section("faults", words.text(N_("Faults in the plan or the data")), faults)


def _said(material: LeagueMaterial) -> Iterator[Paragraph]:
    words, league = material.words, material.league
    told = [
        words.count(N_("{n} group"), N_("{n} groups"), len(league.standings)),
        words.text(N_("{n} ranked"), n=len(league.ranked)),
        words.text(N_("{n} not ranked"), n=len(league.unranked)),
        words.text(N_("the whole lags in {n}"), n=len(league.lagging_groups)),
    ]
    yield Paragraph(("，" if words.code == "zh" else ", ").join(told) + ("。" if words.code == "zh" else "."))


def _kpi(spread: Spread, material: LeagueMaterial) -> Iterator[Section]:
    words, kpi = material.words, material.kpis[spread.kpi]
    facts = Facts((
        (words.text(N_("Measure")), Cell(words.text(MEASURE_WORDS[kpi.measure]))),
        (words.text(N_("Baseline of the template")), Cell(baseline_words(kpi, words))),
        (words.text(N_("Target of the template")), Cell(target_words(kpi, words))),
    ))  # fmt: skip
    blocks: list[Block] = [facts]
    if spread.counts:
        blocks.append(Chart("counts", counts_bar(spread.counts, words, material.league.illustrative)))
    yield Section("about", words.text(N_("The KPI in all groups")), tuple(blocks))
    rows = scored(material.league.scores).filter(kpi=spread.kpi)
    expected = rows["expected"].median()
    drawing = spread_chart(
        material.kpi_title(spread.kpi), spread, rows["attainment"].to_list(),
        expected if isinstance(expected, float) else None, words, material.league.illustrative,
    )  # fmt: skip
    if drawing is not None:
        yield Section("spread", words.text(N_("How attainment is spread")), (Chart("spread", drawing),))
    table = kpi_scores(material.of_kpi(spread.kpi), spread.kpi, material)
    yield Section("groups", words.text(N_("The groups")), (table,))


def _group(one: Standing, material: LeagueMaterial) -> Iterator[Section]:
    words = material.words
    ranked = len(material.league.ranked)
    rank = (
        words.text(N_("{rank} of {n}"), rank=one.rank, n=ranked)
        if one.rank is not None
        else words.text(N_("not ranked"))
    )
    readings = (
        Reading(words.text(N_("Rank")), rank),
        Reading(words.text(N_("Attainment")), fraction(one.attainment)),
        Reading(words.text(N_("Expected")), fraction(one.expected)),
        Reading(words.text(N_("Lag")), lag_words(one.lag, words)),
        Reading(words.text(N_("Coverage")), fraction(one.coverage)),
        Reading(words.text(N_("Lagging of those judged")), f"{one.lagging} / {one.judged}"),
    )
    counts = tuple(Count(badge(status, words), n) for status, n in one.counts.items())
    blocks: list[Block] = [Headline(badge(one.status, words, one.severity), readings, counts)]
    if one.rank is None:
        told = N_("Too little is known of this group for a place: the figures cover {share} of the weight.")
        if one.status not in (Status.PENDING, Status.EXEMPT):
            blocks.insert(0, Paragraph(words.text(told, share=fraction(one.coverage or 0.0)), "warning"))
    for message, n in ((N_("Breached veto KPIs: {n}"), one.vetoed), (N_("Lagging binding KPIs: {n}"), one.bound)):
        if n:
            blocks.append(Paragraph(words.text(message, n=n), "warning"))
    yield Section("overview", words.text(N_("Result")), tuple(blocks))
    table = group_scores(material.of_group(one.group.id), material)
    yield Section("kpis", words.text(N_("The KPIs")), (table,))
