"""Where a file stands in the repository: the paths that annotations of code hosts go by."""

import os.path

__all__ = ["path_in_repository"]


def path_in_repository(file: str, folder: str, root: str) -> str:
    """Return `file`, named from the working directory `folder`, as it is named from `root`; as it is where it lies outside."""
    if not file:
        return file
    path = os.path.normpath(os.path.join(folder, file))
    try:
        inside = os.path.commonpath([path, root]) == os.path.normpath(root)
    except ValueError:  # another drive
        inside = False
    return (os.path.relpath(path, root) if inside else file).replace(os.sep, "/")
