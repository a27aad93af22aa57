"""Where a secret is, as a file of ours says it: never the secret itself."""

from re import fullmatch
from typing import Any

from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.fields import Field, Origin, Record, Type, scalar_text, whole
from kpi_tracker.loading.nodes import Mapping
from kpi_tracker.loading.scalars import PLAIN
from kpi_tracker.loading.wrong import Wrong
from kpi_tracker.secret import Secret

__all__ = ["SECRET", "SECRET_PLACE"]


def _secret(node: Any, origin: Origin) -> Secret:
    """Decode where a secret is; one that stands here itself is refused, and shown nowhere."""
    if type(node) is not Mapping:
        raise Wrong("KT701", value="")
    values = whole(SECRET, node, origin)
    SECRET.given(values, node, origin)
    return Secret(**values)


def _variable(node: Any, _origin: Origin) -> str:
    text = scalar_text(node) or ""
    if not fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text):
        raise Wrong("KT203", expected=Phrase(N_("the name of an environment variable, not the secret itself")))
    return text


SECRET = Record("secret", N_("a secret"), {
    "env": Field(Type(_variable, {"type": "string"}), "The environment variable that holds it"),
    "file": Field(PLAIN, "The file that holds it, which only its owner may read"),
}, forms=("env", "file"))  # fmt: skip
SECRET_PLACE = Type(_secret, SECRET.reference)
