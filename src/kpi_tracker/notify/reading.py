"""Reading a notify file: all faults at once, each with its place, and none with a secret in it."""

import os
from collections.abc import Mapping as Values
from typing import Any, NamedTuple

from kpi_tracker.diagnostics import Diagnostic, Place, Severity
from kpi_tracker.diagnostics.diagnostic import by_place
from kpi_tracker.diagnostics.rawfile import shown_name
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.fields import BROKEN, Origin, Written, shown, whole
from kpi_tracker.loading.files import read_yaml
from kpi_tracker.loading.nodes import Mapping, read_nodes
from kpi_tracker.loading.wrong import Reported, Wrong
from kpi_tracker.notify.config import ROBOTS, Channel, ChannelKind, Mailbox, NotifyConfig, Route, Security
from kpi_tracker.notify.format import CHANNELS, FORMAT, KIND, NOTIFY
from kpi_tracker.record import changed
from kpi_tracker.secret import Secret

__all__ = ["TEMPLATES", "NotifyReading", "read_notify"]

TEMPLATES = "notify-templates"
"""The folder beside a notify file whose templates take the place of ours."""
PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}
LAST_PORT = 65535


class NotifyReading(NamedTuple):
    """What a notify file says (None where anything is wrong with it), and everything that is wrong."""

    config: NotifyConfig | None
    diagnostics: tuple[Diagnostic, ...]


def read_notify(path: str | os.PathLike[str]) -> NotifyReading:
    """Read the notify file at `path`, never raising for what is wrong with it; nothing in it is evaluated."""
    file, report = os.fspath(path), Report()
    config = _read(file, report)
    faults = tuple(sorted(map(_harmless, report.diagnostics), key=by_place))
    broken = any(fault.severity is Severity.ERROR for fault in faults)
    return NotifyReading(None if broken else config, faults)


def _read(file: str, report: Report) -> NotifyConfig | None:
    if (data := read_yaml(file, report)) is None:
        return None
    origin = Origin(shown_name(file), report)
    node = read_nodes(data, origin.file, report, {})
    if node is None:
        if not report.diagnostics:
            report.add("KT102", Place(origin.file))
        return None
    if type(node) is not Mapping:
        expected = Phrase(N_("a mapping that starts with “format: {format}”"), {"format": FORMAT})
        origin.wrong(node, "KT203", key=origin.file, expected=expected, value="")
        return None
    values = NOTIFY.read(node, origin)
    folder = os.path.dirname(file)
    channels = _channels(values["channels"], origin, folder) if values["channels"] is not BROKEN else None
    written = values.get("routes", ())
    routes = _routes(written, channels, origin) if channels is not None and written is not BROKEN else ()
    usable = {name: channel for name, channel in (channels or {}).items() if channel is not None}
    if not written:
        routes = tuple(Route(name, channel) for name, channel in usable.items())
    overrides = os.path.join(folder, TEMPLATES)
    link = values.get("link", "")
    return NotifyConfig(routes, tuple(usable.values()), link, overrides if os.path.isdir(overrides) else None)


def _channels(node: Any, origin: Origin, folder: str) -> dict[str, Channel | None]:
    """Return the channels by name; None where one is broken, so that a route that names it is not at fault."""
    found: dict[str, Channel | None] = {}
    for key, value in zip(node[::2], node[1::2], strict=True):
        name = key.value
        if name in found:
            first = next(k for k in node[::2] if k.value == name)
            origin.wrong(key, "KT110", value=name, first=first.start_mark.line + 1)
            continue
        try:
            found[name] = _channel(name, value, origin, folder)
        except Wrong as wrong:
            origin.wrong(value, wrong.code, **{"key": name, "value": shown(value), **wrong.args_of_fault})
            found[name] = None
        except Reported:
            found[name] = None
    return found


def _channel(name: str, node: Any, origin: Origin, folder: str) -> Channel:
    """Return a channel, read by the keys of its type."""
    if type(node) is not Mapping:
        raise Wrong("KT203", expected=Phrase(N_("a mapping with the type of the channel and its settings")))
    written = next((v for k, v in zip(node[::2], node[1::2], strict=True) if k.value == "type"), None)
    if written is None:
        origin.wrong(node, "KT202", of=Phrase(N_("a channel")), key="type", expected=tuple(ChannelKind))
        raise Reported
    try:
        kind = KIND.type.decode(written, origin)
    except Wrong as wrong:
        origin.wrong(written, wrong.code, **{"key": "type", "value": shown(written), **wrong.args_of_fault})
        raise Reported from None
    values = whole(CHANNELS[kind], node, origin)
    if kind is ChannelKind.MAIL:
        return Channel(name, kind, mail=_mailbox(values, node, origin, folder))
    return Channel(name, kind, _placed(values["url"], folder), _placed(values.get("secret"), folder))


def _mailbox(values: Values[str, Any], node: Any, origin: Origin, folder: str) -> Mailbox:
    security = values.get("security", Security.STARTTLS)
    port = values.get("port", PORTS[security])
    password = _placed(values.get("password"), folder)
    if not 0 < port <= LAST_PORT:
        at = next(v for k, v in zip(node[::2], node[1::2], strict=True) if k.value == "port")
        origin.wrong(at, "KT206", key="port", expected=Phrase(N_("a port from 1 to 65535")), value=port)
        raise Reported
    if password is not None and security is Security.NONE:
        origin.wrong(node, "KT702")
        raise Reported
    if (password is None) != ("user" not in values):
        missing = "user" if password is not None else "password"
        origin.wrong(node, "KT202", of=Phrase(N_("a mail channel")), key=missing,
                     expected=Phrase(N_("user and password go together")))  # fmt: skip
        raise Reported
    return Mailbox(values["host"], values["from"], values["to"], port, security, values.get("user", ""), password)


def _placed(secret: Secret | None, folder: str) -> Secret | None:
    """Return a secret whose file is looked for beside the notify file, wherever the check is started."""
    return changed(secret, file=os.path.join(folder, secret.file)) if secret and secret.file else secret


def _routes(written: tuple[Written, ...], channels: Values[str, Channel | None], origin: Origin) -> tuple[Route, ...]:
    """Return the routes, each to a channel that there is."""
    found: dict[str, Route] = {}
    for values, node, _ in written:
        name = values["name"]
        at = {k.value: v for k, v in zip(node[::2], node[1::2], strict=True)}
        to = values["channel"]
        channel = channels.get(to)
        if name in found:
            origin.wrong(at["name"], "KT301", value=name, first=Phrase(N_("another route has it")))
        elif to not in channels:
            known = tuple(channels)
            origin.wrong(at["channel"], "KT703", value=to, expected=known, nearest=nearest(to, known))
        elif channel is not None and values.get("mention") and channel.kind not in ROBOTS:
            origin.wrong(at["mention"], "KT704", value=channel.name)
        elif channel is not None:
            found[name] = Route(**{**values, "channel": channel}, where=origin.place(node))
    return tuple(found.values())


def _harmless(fault: Diagnostic) -> Diagnostic:
    """Return a fault that shows nothing that could be a secret in the wrong place: no line, no value that is long.

    What is not what a key asks for is not shown at all, nor what YAML took for an alias or a tag.
    """
    args = {key: HIDDEN if _telling(fault.code, key, value) else value for key, value in fault.args.items()}
    return changed(fault, args=args, excerpt="")


def _telling(code: str, key: str, value: object) -> bool:
    if key != "value" or not isinstance(value, str):
        return False
    return code in ("KT109", "KT112", "KT203") or len(value) > LONGEST_SHOWN or "://" in value


HIDDEN = Phrase(N_("what stands here"))
LONGEST_SHOWN = 40
