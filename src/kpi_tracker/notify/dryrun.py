"""What would be sent to whom, shown and not sent."""

from collections.abc import Sequence

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.language import N_, language
from kpi_tracker.notify.config import ChannelKind
from kpi_tracker.notify.message import Message

__all__ = ["KIND_WORDS", "dry_run"]

KIND_WORDS = {
    ChannelKind.MAIL: N_("mail"),
    ChannelKind.DINGTALK: N_("DingTalk"),
    ChannelKind.WECOM: N_("WeCom"),
    ChannelKind.FEISHU: N_("Feishu"),
    ChannelKind.SLACK: "Slack",
    ChannelKind.WEBHOOK: N_("webhook"),
    ChannelKind.APPRISE: "Apprise",
}


def dry_run(messages: Sequence[Message], lang: str = "en", known: bool = True) -> str:
    """Return what would be sent to whom; a message holds no secret, so none can be shown.

    `known` is False where history of one of the plans cannot be read, so that nobody can say that nothing changed.
    """
    words = language(lang)
    if not messages and not known:
        return words.text(N_("Nothing would be sent: what changed is not known, and that was told.")) + "\n"
    if not messages:
        return words.text(N_("Nothing would be sent: nothing changed.")) + "\n"
    parts = []
    for message in messages:
        to = message.to or message.channel
        kind = words.text(KIND_WORDS[message.kind])
        told = words.text(N_("Route {route}, to {to} ({kind}): {subject}"), route=message.route, to=plain(to), kind=kind,
                          subject=plain(message.subject))  # fmt: skip
        if message.problem is not None:
            told += f"\n  {words.phrase(message.problem)}"
        lines = [plain(line) for line in message.text.rstrip("\n").split("\n")]
        parts.append("\n".join([told, *(f"  | {line}".rstrip() for line in lines)]))
    heading = words.count(N_("{n} message would be sent"), N_("{n} messages would be sent"), len(messages))
    return "\n\n".join([heading, *parts]) + "\n"
