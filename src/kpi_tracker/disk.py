"""The disk: what has to be asked of it so that a file that was put in place is there after a power cut."""

import os
from contextlib import suppress

__all__ = ["sync_folder"]


def sync_folder(folder: str) -> None:
    """See to it that the names in a folder have reached the disk; Windows cannot be asked that."""
    with suppress(PermissionError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
