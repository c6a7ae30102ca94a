"""Commands as a person at a terminal sees them: stdout and stderr are terminals, told apart."""

import os
import pty
import re
import subprocess
import threading

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
