"""How a field says that its value cannot be what it asks for."""

from typing import Any

__all__ = ["Reported", "Wrong"]


class Wrong(Exception):  # noqa: N818 - caught by the mapping that reads the field, never shown as an error of ours
    """A value that cannot be what its field asks for; carries the fault until the place is known."""

    def __init__(self, code: str, **args: Any) -> None:
        """Keep the code of the catalogue and its arguments."""
        super().__init__(code)
        self.code, self.args_of_fault = code, args


class Reported(Exception):  # noqa: N818 - as above
    """A value that is broken and whose faults are in the report already."""
