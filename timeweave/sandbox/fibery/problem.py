"""What a refused command says."""

from typing import Any


class Problem(Exception):
    """A command that fails: the `result` of an unsuccessful envelope."""

    def __init__(self, name: str, message: str, **data: object) -> None:
        super().__init__(message)
        self.name, self.message, self.data = name, message, data

    @property
    def result(self) -> dict[str, Any]:
        """name, message and data, as in the envelope."""
        return {"name": self.name, "message": self.message, "data": self.data}
