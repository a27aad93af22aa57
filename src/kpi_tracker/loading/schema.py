"""The plan format as JSON Schema (draft-07), made from the declarations that the loader reads by."""

import json
from typing import Any

from kpi_tracker.language import N_, language
from kpi_tracker.loading.records import INCLUDED, PLAN, RECORDS

__all__ = ["plan_schema", "schema_text"]

TITLE = N_("A plan of kpi_tracker, format kpi-tracker/v1, or a file that one includes")


def plan_schema(lang: str = "en") -> dict[str, Any]:
    """Return the JSON Schema of the plan format, with descriptions in `lang`."""
    text = {"type": ["string", "number", "boolean"]}
    words = language(lang)
    definitions: dict[str, Any] = {
        "text": {
            "anyOf": [
                text,
                {
                    "type": "object",
                    "additionalProperties": False,
                    "minProperties": 1,
                    "properties": {"zh": text, "en": text},
                },
            ]
        },
        **{record.name: _described(record.schema, words.text) for record in RECORDS},
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": words.text(TITLE),
        # A file with an id is a plan, any other is included by one: so an editor shows the faults of the right one.
        "if": {"required": ["id"]},
        "then": PLAN.reference,
        "else": INCLUDED.reference,
        "definitions": definitions,
    }


def _described(schema: Any, translate: Any) -> Any:
    if isinstance(schema, dict):
        return {
            key: translate(value) if key == "description" and isinstance(value, str) else _described(value, translate)
            for key, value in schema.items()
        }
    return [_described(part, translate) for part in schema] if isinstance(schema, list) else schema


def schema_text(schema: dict[str, Any]) -> str:
    """Return a schema as JSON text, the same bytes every time."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
