"""The colours of the charts, on paper and on a dark screen: told apart by who cannot tell red from green, contrast AA."""

from collections.abc import Mapping

__all__ = ["DARK", "LIGHT", "themes"]

LIGHT: Mapping[str, str] = {
    "paper": "#fff", "ink": "#1b2129", "quiet": "#57606b", "axis": "#868f98", "grid": "#e4e7ea",
    "actual": "#17568c", "expected": "#a34e08", "base": "#6b7580",
    "low": "#cfd6dd", "middle": "#e0e5e9", "high": "#eff2f4",
    "good": "#1a6b3c", "warn": "#855400", "bad": "#b0271d", "none": "#57606b", "mark": "#fff4d6", "mark-ink": "#6b4a00",
}  # fmt: skip
DARK: Mapping[str, str] = {
    "paper": "#14181c", "ink": "#e4e7eb", "quiet": "#a2abb5", "axis": "#75808b", "grid": "#2a3037",
    "actual": "#7db4e8", "expected": "#eda55d", "base": "#949ea8",
    "low": "#3e4751", "middle": "#2d343c", "high": "#20262c",
    "good": "#74c795", "warn": "#e2b45a", "bad": "#f58d82", "none": "#a2abb5", "mark": "#3a3018", "mark-ink": "#ecd08f",
}  # fmt: skip


def themes() -> str:
    """Return the stylesheet that gives every colour its name, `--c-ink` and so on.

    Dark where the reader's screen is, unless the page says otherwise (`data-theme` on its root); light when printed.
    """
    light, dark = _block(LIGHT), _block(DARK)
    return (
        f".chart{light}"
        f'@media screen and (prefers-color-scheme:dark){{:root:not([data-theme="light"]) .chart,.chart:root{dark}}}'
        f'@media screen{{:root[data-theme="dark"] .chart{dark}}}\n'
    )


def _block(colours: Mapping[str, str]) -> str:
    return "{" + ";".join(f"--c-{name}:{colour}" for name, colour in colours.items()) + "}"
