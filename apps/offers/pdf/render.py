"""HTML to PDF in a confined child process, kept warm, one document at a time.

Same HTML and same time give the same bytes, in any process. Text is never dropped silently:
a character no font can draw, or any other warning of the library, is a failure that says so.
"""

import atexit
import json
import os
import re
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

from apps.offers.pdf.document import ASSETS

_CHILD = Path(__file__).with_name("child.py")
# Wall clock for one document, above the child's own 15 s of processor time on a busy machine.
_DEADLINE_SECONDS = 60
# Bounds whatever the library may leak; a fresh child costs about a second.
_DOCUMENTS_PER_CHILD = 200
_GLYPH = re.compile(r"can draw '(.+?)' \((U\+[0-9A-F]+)\)")


class DocumentRefused(Exception):
    """This document can never be printed as it stands; trying again would not help."""


class RendererFailed(Exception):
    """The renderer died, hung or ran out of its limits; another try may succeed."""


class Renderer:
    """Owner of one child. Safe to share between threads, and noticed after a fork."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._done = 0
        self._used_at = 0.0

    def render(self, html: str, *, prepared_at: datetime) -> bytes:
        """The PDF. Raises DocumentRefused or RendererFailed; never returns a damaged file."""
        request = {"epoch": int(prepared_at.timestamp())}
        with self._lock:
            head, pdf = self._exchange(request, html.encode())
        if head["error"]:
            raise DocumentRefused(head["error"])
        if head["warnings"]:
            raise DocumentRefused(_explain(head["warnings"]))
        return pdf

    def close(self) -> None:
        """End the child, if this process started one."""
        child, self._child = self._child, None
        if child is not None and self._owner == os.getpid():
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    pipe.close()

    def close_if_idle(self, seconds: float) -> None:
        """Give its memory back when nothing was printed for so long."""
        if time.monotonic() - self._used_at > seconds and self._lock.acquire(blocking=False):
            try:
                self.close()
            finally:
                self._lock.release()

    def _exchange(self, request: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        child = self._warm_child()
        # A timer that kills is the one deadline that also covers a write nobody reads.
        watchdog = threading.Timer(_DEADLINE_SECONDS, child.kill)
        watchdog.start()
        try:
            source, target = cast(IO[bytes], child.stdin), cast(IO[bytes], child.stdout)
            source.write(json.dumps({**request, "length": len(body)}).encode() + b"\n" + body)
            source.flush()
            head, pdf = _read_reply(target)
        except (OSError, ValueError) as error:
            self.close()
            raise RendererFailed("The PDF renderer stopped before it was done.") from error
        finally:
            watchdog.cancel()
        self._done += 1
        self._used_at = time.monotonic()
        return head, pdf

    def _warm_child(self) -> subprocess.Popen[bytes]:
        child = self._child
        fresh = child is not None and self._owner == os.getpid() and child.poll() is None
        if child is None or not fresh or self._done >= _DOCUMENTS_PER_CHILD:
            self.close()
            child = self._child = _start()
            self._owner, self._done = os.getpid(), 0
        return child


def _start() -> subprocess.Popen[bytes]:
    # An environment of its own: no database address, no keys, nothing a fault could print.
    return subprocess.Popen(  # noqa: S603  (this interpreter, our own file)
        [sys.executable, "-I", str(_CHILD), str(ASSETS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LANG": "C.UTF-8", "TZ": "UTC"},
        cwd=ASSETS,
    )


def _read_reply(source: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    head = json.loads(source.readline())
    pdf = source.read(head["length"])
    if len(pdf) != head["length"]:
        raise ValueError("the reply was cut short")
    return head, pdf


def _explain(warnings: list[str]) -> str:
    glyphs = [f"{m[1]} ({m[2]})" for line in warnings if (m := _GLYPH.search(line))]
    if glyphs:
        return (
            f"The document's fonts cannot print {', '.join(glyphs)}. "
            "Write the name or address in letters they have."
        )
    return f"The document was refused: {warnings[0]}"


renderer = Renderer()
atexit.register(renderer.close)
