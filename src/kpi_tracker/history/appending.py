"""What a night adds to history, as rows: texts by their digest, so that what did not change is not stored again."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from kpi_tracker import __version__
from kpi_tracker.history.database import Database, Statements
from kpi_tracker.history.memory import compact, remembered
from kpi_tracker.history.revision import Revision
from kpi_tracker.history.run import Appended
from kpi_tracker.model.scorecard import Scorecard

__all__ = ["append"]

NEWEST = "SELECT id, turn, digest FROM run WHERE plan = :plan AND as_of = :as_of ORDER BY turn DESC LIMIT 1"
STATE = "INSERT INTO state (digest, content) VALUES (:digest, :content) ON CONFLICT (digest) DO NOTHING"
PATH = "INSERT INTO path (plan, path) VALUES (:plan, :path) ON CONFLICT (plan, path) DO NOTHING"
RUN = """
    INSERT INTO run (plan, as_of, turn, known_at, made_at, plan_revision, data_revision, commit_id, dirty, version, digest,
                     header, layout, faults)
    VALUES (:plan, :as_of, :turn, :known_at, :made_at, :plan_revision, :data_revision, :commit_id, :dirty, :version, :digest,
            (SELECT id FROM state WHERE digest = :header), (SELECT id FROM state WHERE digest = :layout),
            (SELECT id FROM state WHERE digest = :faults))
"""
ITEM = """
    INSERT INTO item (run, path, definition, score, flag)
    VALUES (:run, (SELECT id FROM path WHERE plan = :plan AND path = :path),
            (SELECT id FROM state WHERE digest = :definition), (SELECT id FROM state WHERE digest = :score),
            (SELECT id FROM state WHERE digest = :flag))
"""


def append(
    database: Database, scorecard: Scorecard, made_at: datetime, flags: Mapping[str, Mapping[str, Any]], revision: Revision
) -> Appended:  # fmt: skip
    """Add a run, unless the last one of its day has found the same.

    Raises:
        HistoryError: it could not be written; history is as it was.
        ValueError: the scorecard is that of a branch, or there is a flag for what is not in it.
    """
    if unknown := sorted(flags.keys() - scorecard.items.keys()):
        raise ValueError(f"flags of what the scorecard does not hold: {', '.join(unknown)}")
    memory = remembered(scorecard)
    plan, texts = scorecard.plan.id, _Texts()
    items = [
        {
            "plan": plan, "path": item.path, "definition": texts.add(item.definition), "score": texts.add(item.score),
            "flag": texts.add(compact(flags[item.path])) if item.path in flags else None,
        }
        for item in memory.items
    ]  # fmt: skip
    row: dict[str, object] = {
        "plan": plan, "as_of": scorecard.as_of.isoformat(),
        "known_at": scorecard.known_at.isoformat() if scorecard.known_at else None,
        "plan_revision": revision.plan, "data_revision": revision.data, "version": __version__,
        "header": texts.add(memory.plan), "layout": texts.add(compact([item.path for item in memory.items])),
        "faults": texts.add(memory.faults),
    }  # fmt: skip
    # When it was made is no part of what was found, nor is a commit that left the files as they were.
    digest = _digest(compact([row, [list(item.values()) for item in items]]))
    dirty = None if revision.dirty is None else int(revision.dirty)
    row |= {"digest": digest, "made_at": made_at.isoformat(), "commit_id": revision.commit, "dirty": dirty}
    with database.transaction(write=True) as statements:
        return _written(statements, row, items, texts)


def _written(
    statements: Statements, row: dict[str, object], items: list[dict[str, str | None]], texts: "_Texts"
) -> Appended:  # fmt: skip
    day = {"plan": row["plan"], "as_of": row["as_of"]}
    last = statements.rows(NEWEST, **day)
    if last and last[0][2] == row["digest"]:
        return Appended(last[0][0], new=False)
    statements.run(STATE, texts.rows())
    statements.run(PATH, [{"plan": item["plan"], "path": item["path"]} for item in items])
    statements.run(RUN, [{**row, "turn": last[0][1] + 1 if last else 1}])
    ((run, *_),) = statements.rows(NEWEST, **day)
    statements.run(ITEM, [{**item, "run": run} for item in items])
    return Appended(run, new=True)


class _Texts(dict[str, str]):
    """Texts by their digest."""

    def add(self, text: str) -> str:
        """Return the digest of a text that is to be stored."""
        digest = _digest(text)
        self[digest] = text
        return digest

    def rows(self) -> list[dict[str, str]]:
        """Return what is stored, in an order that every run keeps."""
        return [{"digest": digest, "content": self[digest]} for digest in sorted(self)]


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
