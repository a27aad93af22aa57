"""Why the system refused a file, in words of the user's language."""

import errno

import pytest

from kpi_tracker.diagnostics.refusal import refusal
from kpi_tracker.language import language


@pytest.mark.parametrize(
    ("error", "reading", "writing", "chinese"),
    [
        (FileNotFoundError(errno.ENOENT, "x"), "there is no such file", "there is no such folder", "文件不存在"),
        (PermissionError(errno.EACCES, "x"), "no permission", "it is not allowed to write there", "没有权限"),
        (OSError(errno.ENOSPC, "x"), "x", "no room is left on the disk", "x"),
        (OSError(errno.EIO, "Input/output error"), "Input/output error", "Input/output error", "Input/output error"),
        (ValueError("embedded null byte"), "embedded null byte", "embedded null byte", "embedded null byte"),
    ],
)
def test_ordinary_reasons_have_words(error: OSError | ValueError, reading: str, writing: str, chinese: str) -> None:
    """In both languages, for what was read and for what was written; of others the system's words stand."""

    def said(lang: str, *, to_write: bool = False) -> str:
        reason = refusal(error, writing=to_write)
        return reason if isinstance(reason, str) else language(lang).phrase(reason)

    assert (said("en"), said("en", to_write=True), said("zh")) == (reading, writing, chinese)
