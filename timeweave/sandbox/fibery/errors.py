"""What a refused command says."""

from typing import Any


class CommandError(Exception):
    """A command that fails; `result` is what the envelope says of it: name, message and data."""

    def __init__(self, name: str, message: str, **data: object) -> None:
        super().__init__(message)
        self.result: dict[str, Any] = {
            "name": name if "/" in name else f"entity.error/{name}",
            "message": message,
            "data": data,
        }
