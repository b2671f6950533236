"""Named places where a process can be told to die, for the crash tests.

`DEALWRIGHT_FAILPOINT=import.after_chunk:3` kills the process with SIGKILL the third time it
passes that place. Unset (always, outside tests) a failpoint costs one dictionary look-up.
"""

import os
import signal

_passed: dict[str, int] = {}


def failpoint(name: str) -> None:
    wanted = os.environ.get("DEALWRIGHT_FAILPOINT")
    if not wanted:
        return
    place, _, count = wanted.partition(":")
    if place != name:
        return
    _passed[name] = _passed.get(name, 0) + 1
    if _passed[name] == int(count or 1):
        os.kill(os.getpid(), signal.SIGKILL)
