"""Commands as a person at a terminal sees them: stdout and stderr are terminals, told apart."""

import contextlib
import os
import pty
import re
import subprocess
import threading
import time

from tests.project import Project


def on_terminal(project: Project, *command: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command on terminals; `given` is typed at it."""
    ends = [pty.openpty() for _ in range(2)]
    read: list[bytearray] = [bytearray(), bytearray()]
    process = subprocess.Popen(
        command, cwd=project.folder, env=project.environ(TERM="xterm-256color", COLUMNS="160"),
        stdin=subprocess.PIPE, stdout=ends[0][1], stderr=ends[1][1],
    )  # fmt: skip
    for _, theirs in ends:
        os.close(theirs)
    readers = [threading.Thread(target=_drain, args=(ours, into)) for (ours, _), into in zip(ends, read, strict=True)]
    for reader in readers:
        reader.start()
    process.communicate(given.encode(), timeout=200)
    for reader in readers:
        reader.join()
    out, err = (bytes(into).decode().replace("\r\n", "\n") for into in read)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def typed(project: Project, *command: str, answers: list[str]) -> tuple[int, str]:
    """Run a command on one terminal and type an answer at each prompt; exit code and all that was shown."""
    ours, theirs = pty.openpty()
    # In a session of its own: a hidden answer would else be read from the terminal that the tests run on.
    process = subprocess.Popen(
        command, cwd=project.folder, env=project.environ(TERM="xterm-256color", COLUMNS="160"),
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    shown, seen, left = "", 0, list(answers)
    with contextlib.suppress(OSError):  # Linux says that nobody has the other end open any more
        while part := os.read(ours, 65536):
            shown += part.decode()
            if left and shown[seen:].endswith(": "):
                seen = len(shown)
                # The terminal takes a moment to stop showing, and forgets what was typed before.
                time.sleep(0.2)
                os.write(ours, f"{left.pop(0)}\n".encode())
    os.close(ours)
    return process.wait(timeout=60), shown.replace("\r\n", "\n")


def plain(text: str) -> str:
    """Without what moves the cursor and colours letters."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


def _drain(handle: int, into: bytearray) -> None:
    while True:
        try:
            part = os.read(handle, 65536)
        except OSError:  # Linux says that nobody has the other end open any more
            part = b""
        if not part:
            os.close(handle)
            return
        into += part
