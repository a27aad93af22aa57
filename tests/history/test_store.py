"""What history keeps and gives back, on both kinds of databases."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import kpi_tracker
from kpi_tracker.changes import compare
from kpi_tracker.history.acknowledgement import Acknowledgement
from kpi_tracker.history.delivery import Delivery, DeliveryStatus
from kpi_tracker.history.problem import HistoryError
from kpi_tracker.history.run import Appended
from kpi_tracker.history.store import History, default_history, open_history
from kpi_tracker.model.measure import Status
from kpi_tracker.record import changed
from tests.history.nights import FILES, FIRST, NOW, PLAN, night, written_plan
from tests.reporting.showcase import scored


def append(history: History, days: int = 0, value: float = 40.0, **more: object) -> Appended:
    """Append a night."""
    return history.append(night(days, value), NOW, revision=FILES, **more)  # type: ignore[arg-type]


def test_a_run_comes_back_as_it_was_found(where: str) -> None:
    """A remembered scorecard differs from the one that was appended in nothing that a comparison sees, nor in its JSON."""
    with open_history(where) as history:
        run = history.run(history.append(scored(), NOW, revision=FILES).run_id)
        found = history.scorecard(run)
    assert compare(scored(), found) == compare(found, scored()) == ()
    assert list(found.items) == list(scored().items)
    assert (found.as_of, found.known_at, found.plan.title) == (scored().as_of, None, scored().plan.title)
    assert found.illustrative == scored().illustrative
    assert [fault.message("zh") for fault in found.diagnostics] == [f.message("zh") for f in scored().diagnostics]
    ours, theirs = kpi_tracker.to_dict(found), kpi_tracker.to_dict(scored())
    assert {key for key in theirs if ours[key] != theirs[key]} <= {
        "goals",
        "kpis",
        "diagnostics",
        "faults",
    }  # their files


def test_a_run_tells_when_and_of_what_it_was_made(where: str) -> None:
    """A run has its day, when it was made and known, the revisions of the files and the version of the library."""
    known = datetime(2021, 9, 30, 18, 0)
    with open_history(where) as history:
        run = history.run(history.append(changed(night(), known_at=known), NOW, revision=FILES).run_id)
    assert run[1:-1] == (PLAN, FIRST, 1, known, NOW, "plan", "data", "c0ffee", False, kpi_tracker.__version__)
    assert len(run.digest) == 64


def test_a_run_without_git_is_remembered(where: str) -> None:
    """Where there is no git, there is no commit, and nothing is said about changes."""
    with open_history(where) as history:
        run = history.run(history.append(night(), NOW, revision=FILES._replace(commit=None, dirty=None)).run_id)
    assert (run.commit, run.dirty) == (None, None)


def test_the_same_night_twice_changes_nothing(where: str) -> None:
    """What was found again is not stored again, whenever that was and whatever else was committed since."""
    with open_history(where) as history:
        first = append(history)
        again = history.append(night(), NOW + timedelta(hours=1), revision=FILES._replace(commit="decade", dirty=True))
        assert (first.new, again) == (True, Appended(first.run_id, new=False))
        assert [run.made_at for run in history.runs(PLAN)] == [NOW]


@pytest.mark.parametrize("other", ["figure", "flag", "plan", "data", "known"])
def test_another_content_of_the_same_night_is_another_run(where: str, other: str) -> None:
    """A figure, a flag, the files or what was known make a run of its own, which speaks for the day from then on."""
    with open_history(where) as history:
        append(history)
        given = {
            "figure": (night(value=50.0), {}, FILES),
            "flag": (night(), {"a": {"state": "raised"}}, FILES),
            "plan": (night(), {}, FILES._replace(plan="other")),
            "data": (night(), {}, FILES._replace(data="other")),
            "known": (changed(night(), known_at=datetime(2021, 10, 1)), {}, FILES),
        }[other]
        found = history.append(given[0], NOW, given[1], given[2])
        assert found.new
        assert [run.turn for run in history.runs(PLAN)] == [1, 2]
        assert history.latest(PLAN) == history.run(found.run_id)


def test_a_night_that_turns_back_is_remembered_too(where: str) -> None:
    """A figure that is corrected and then corrected back is the day's last word, though it was found before."""
    with open_history(where) as history:
        assert [append(history, value=value).new for value in (40.0, 50.0, 40.0, 40.0)] == [True, True, True, False]
        (point,) = history.path_of(PLAN, "a")
        assert (point.run.turn, point.score.attainment) == (3, 0.4)


def test_runs_are_found_by_day(where: str) -> None:
    """The newest run, that before a day, that of a day or the last before it; nights that were missed are passed over."""
    with open_history(where) as history:
        assert (history.latest(PLAN), history.on_or_before(PLAN, FIRST)) == (None, None)
        for days in (0, 1, 4):
            append(history, days)
        day = [FIRST + timedelta(days=days) for days in range(6)]

        def found(run: object) -> date | None:
            return getattr(run, "as_of", None)

        assert found(history.latest(PLAN)) == day[4]
        assert [found(history.latest(PLAN, before)) for before in day] == [None, day[0], day[1], day[1], day[1], day[4]]
        on = [found(history.on_or_before(PLAN, one)) for one in day]
        assert on == [day[0], day[1], day[1], day[1], day[4], day[4]]
        assert [run.as_of for run in history.runs(PLAN, day[1])] == [day[1], day[4]]
        with pytest.raises(KeyError):
            history.run(99)


def test_a_night_made_later_for_an_earlier_day_stands_where_it_belongs(where: str) -> None:
    """The order is that of the days that are judged, not of when it was done."""
    with open_history(where) as history:
        append(history, 5)
        append(history, 1)
        assert [run.as_of.day for run in history.runs(PLAN)] == [1, 5]
        assert history.latest(PLAN) == history.runs(PLAN)[-1]


def test_the_course_of_an_item_has_a_point_a_day(where: str) -> None:
    """Each day has the figures of its last run, with the flag; a day without the item has no point."""
    with open_history(where) as history:
        append(history, 0, flags={"a": {"since": "2021-09-30", "runs": 2}})
        append(history, 1, 50.0)
        append(history, 1, 60.0)
        points = history.path_of(PLAN, "a")
        assert [(point.run.as_of.day, point.score.attainment, point.flag) for point in points] == [
            (30, 0.4, {"since": "2021-09-30", "runs": 2}),
            (1, 0.6, {}),
        ]
        assert points[0].score.status is Status.LAGGING
        assert [point.run.as_of.day for point in history.path_of(PLAN, "", date(2021, 10, 1))] == [1]
        assert history.path_of(PLAN, "nothing") == history.path_of("other", "a") == ()
        assert set(history.paths(PLAN)) == {"", "a", "g", "g/b"}


def test_flags_come_back_as_they_were_given(where: str) -> None:
    """A flag is any JSON object; items without one are not named."""
    flags = {"a": {"状态": "raised", "steps": [1, None, {"x": 0.5}]}, "": {}}
    with open_history(where) as history:
        run = history.run(append(history, flags=flags).run_id)
        assert history.flags(run) == flags


def test_wrong_use_is_refused(where: str) -> None:
    """A branch is no plan, and a flag belongs to an item; nothing is written."""
    with open_history(where) as history:
        with pytest.raises(ValueError, match="branch 'g'"):
            history.append(night().only("g"), NOW, revision=FILES)
        with pytest.raises(ValueError, match="does not hold: nothing"):
            append(history, flags={"nothing": {}})
        assert history.plans() == ()


def test_plans_share_a_database_and_do_not_see_each_other(where: str) -> None:
    """Runs, acknowledgements and messages belong to a plan."""
    one = night()
    other = changed(one, plan=changed(one.plan, id="q"))
    given = Acknowledgement("a", "Li", "known", NOW)
    with open_history(where) as history:
        assert history.append(one, NOW, revision=FILES).new
        assert history.append(other, NOW, revision=FILES).new
        history.acknowledge("q", given)
        assert history.claim("p", "k", "mail", "owner", NOW)
        assert history.claim("q", "k", "mail", "owner", NOW)
        assert history.plans() == ("p", "q")
        assert [len(history.runs(plan)) for plan in "pq"] == [1, 1]
        assert [history.acknowledgements(plan) for plan in "pq"] == [(), (given,)]
        assert [len(history.deliveries(plan)) for plan in "pq"] == [1, 1]


def test_acknowledgements_are_added_and_never_changed(where: str) -> None:
    """All of them come back in the order in which they were given, also one that was withdrawn."""
    given = (
        Acknowledgement("a", "李工", "供应商延期", NOW, date(2021, 12, 1)),
        Acknowledgement("g", "Wang", "under review", NOW + timedelta(hours=1)),
        Acknowledgement("a", "Li", "", NOW + timedelta(days=1), withdrawn=True),
    )
    with open_history(where) as history:
        for one in given:
            history.acknowledge(PLAN, one)
    with open_history(where) as history:
        assert history.acknowledgements(PLAN) == given


def test_a_message_is_claimed_by_one_run_and_sent_once(where: str) -> None:
    """Who has claimed a message sends it; what was sent is not claimed again, what failed is."""
    with open_history(where) as history:
        assert history.claim(PLAN, "m1", "mail", "owner", NOW, content="{}")
        assert not history.claim(PLAN, "m1", "mail", "owner", NOW)
        history.finish(PLAN, "m1", "HTTP 503")
        failed = Delivery("m1", "mail", "owner", DeliveryStatus.FAILED, 1, NOW, "HTTP 503", NOW, "{}")
        assert history.deliveries(PLAN) == (failed,)
        later = NOW + timedelta(minutes=5)
        assert history.claim(PLAN, "m1", "mail", "deputy", later)
        history.finish(PLAN, "m1")
        assert not history.claim(PLAN, "m1", "mail", "owner", later, abandoned_before=later + timedelta(days=1))
        history.finish(PLAN, "m1", "too late")
        assert history.deliveries(PLAN) == (
            Delivery("m1", "mail", "deputy", DeliveryStatus.SENT, 2, later, "", NOW, ""),
        )


def test_the_claim_of_a_run_that_was_killed_is_given_anew(where: str) -> None:
    """A claim that was never finished holds until the caller takes it for abandoned."""
    with open_history(where) as history:
        assert history.claim(PLAN, "m1", "mail", "owner", NOW)
        assert not history.claim(PLAN, "m1", "mail", "owner", NOW, abandoned_before=NOW)
        assert history.claim(PLAN, "m1", "mail", "owner", NOW, abandoned_before=NOW + timedelta(seconds=1))
        assert [one.attempts for one in history.deliveries(PLAN)] == [2]


def test_what_a_later_library_wrote_is_named_not_guessed(where: str) -> None:
    """A status that this version does not know is told with the run and the version that wrote it."""
    with open_history(where) as history:
        run = history.run(append(history).run_id)
        with history._database.transaction(write=True) as statements:
            statements.run('UPDATE state SET content = replace(content, \'"status":"lagging"\', \'"status":"blue"\')')
        for read in (lambda: history.scorecard(run), lambda: history.path_of(PLAN, "a")):
            with pytest.raises(
                HistoryError, match=r"run 1 of 2021-09-30 holds what this version .* version 0\.1\.0 wrote it"
            ):
                read()


def test_a_history_can_be_kept_open_and_opened_again(where: str) -> None:
    """Two that are open see what each of them has written."""
    with open_history(where) as one, open_history(where, create=False) as other:
        append(one)
        append(other, 1)
        assert len(one.runs(PLAN)) == len(other.runs(PLAN)) == 2
        assert one.where == other.where


def test_without_leave_to_create_there_has_to_be_one(where: str) -> None:
    """Whoever only reads makes no history."""
    with pytest.raises(HistoryError, match="there is none yet"):
        open_history(where, create=False)
    with open_history(where):
        pass
    with open_history(where, create=False) as history:
        assert history.plans() == ()


def test_the_default_place_is_beside_the_plan(tmp_path: Path) -> None:
    """A state folder that version control leaves alone is made when it is asked for, and never before."""
    folder = written_plan(tmp_path)
    place = folder / ".kpi-tracker" / "history.sqlite3"
    assert default_history(folder) == default_history(folder / "plan.yaml") == str(place)
    with pytest.raises(HistoryError, match="there is none yet"):
        open_history(place, create=False)
    assert not place.parent.exists()
    for _ in range(2):
        with open_history(place) as history:
            history.append(kpi_tracker.check(folder, date(2021, 9, 30)), datetime(2021, 10, 1, tzinfo=UTC))
            assert len(history.runs("small")) == 1
    assert (place.parent / ".gitignore").read_text() == "*\n"


def test_where_a_check_was_started_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same night of the same plan, checked from two folders and by two names, is one run."""
    folder = written_plan(tmp_path / "plan")
    with open_history(tmp_path / "h.sqlite3") as history:
        for start, name in ((tmp_path, "plan"), (folder, "."), (folder, "plan.yaml"), (tmp_path, str(folder))):
            monkeypatch.chdir(start)
            history.append(kpi_tracker.check(name, date(2021, 9, 30)), NOW)
        assert [run.turn for run in history.runs("small")] == [1]
        files = history.scorecard(history.runs("small")[0]).plan.files
    assert files == ("plan.yaml",)


def test_a_name_that_is_no_text_is_refused_in_words(where: str) -> None:
    """A plan without an id is called as its folder is, and the name of a folder may hold half a character."""
    card = night()
    with open_history(where) as history:
        with pytest.raises(HistoryError, match="the database says: "):
            history.append(changed(card, plan=changed(card.plan, id="p\udcff")), NOW, revision=FILES)
        assert history.plans() == ()
