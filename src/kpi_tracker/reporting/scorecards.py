"""The scorecards of several plans as one JSON document, `kpi-tracker/scorecards/v1`; of one plan its own scorecard."""

import json
from collections.abc import Sequence

from kpi_tracker.reporting.checked import Checked
from kpi_tracker.reporting.jsonfile import encodable, faults_to_json, to_json

__all__ = ["FORMAT", "write"]

FORMAT = "kpi-tracker/scorecards/v1"


def write(checked: Sequence[Checked], lang: str, fail_on: str) -> str:
    """Return the scorecard of one plan as it is, those of several each beside the name of its plan."""
    if len(checked) == 1:
        return _scorecard(checked[0], lang)
    encode = json.JSONEncoder(ensure_ascii=False).encode
    members = [f'{{"source": {encode(one.source)}, "scorecard":\n{_scorecard(one, lang)}}}' for one in checked]
    listed = "\n" + ",\n".join(members) + "\n" if members else ""
    return encodable(f'{{\n"format": {encode(FORMAT)},\n"scorecards": [{listed}]\n}}\n')


def _scorecard(one: Checked, lang: str) -> str:
    if one.scorecard is None:
        return faults_to_json(one.diagnostics, lang)
    return to_json(one.scorecard, lang, one.changes, one.since, one.flags)
