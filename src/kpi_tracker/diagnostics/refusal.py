"""Why the system refused a file: in the user's language where it is one of the ordinary reasons."""

from errno import EACCES, EDQUOT, EFBIG, EISDIR, ENAMETOOLONG, ENOENT, ENOSPC, ENOTDIR, EPERM, EROFS

from kpi_tracker.language import N_, Phrase

__all__ = ["refusal"]

NO_ROOM = N_("no room is left on the disk")
FORBIDDEN = N_("it is not allowed to write there")
READING = {
    ENOENT: N_("there is no such file"), EACCES: N_("no permission"), EPERM: N_("no permission"),
    EISDIR: N_("it is a folder"), ENOTDIR: N_("a part of its path is no folder"), ENAMETOOLONG: N_("its name is too long"),
}  # fmt: skip
WRITING = {
    **READING, ENOENT: N_("there is no such folder"), ENOSPC: NO_ROOM, EDQUOT: NO_ROOM, EACCES: FORBIDDEN,
    EPERM: FORBIDDEN, EROFS: FORBIDDEN, EFBIG: N_("it would be too large"),
}  # fmt: skip


def refusal(error: OSError | ValueError, *, writing: bool = False) -> Phrase | str:
    """Return why a file was not read, or not written; in the system's own words where they are not ours."""
    message = (WRITING if writing else READING).get(getattr(error, "errno", None) or 0)
    return Phrase(message) if message else getattr(error, "strerror", None) or str(error)
