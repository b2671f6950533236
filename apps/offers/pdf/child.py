"""The process that turns HTML into PDF: started by path, imports nothing of the application.

It reads requests on stdin and answers on stdout, each a JSON line and a body of the announced
length. It owns no secret, no database and no network; what hostile text could still make it do
is bounded by limits on memory, processor time, files and system calls set before the first one.
"""

import gc
import io
import json
import logging
import os
import resource
import sys
from pathlib import Path
from typing import Any, BinaryIO

_MEMORY_BYTES = 512 * 1024 * 1024
_RENDER_CPU_SECONDS = 15
_REFUSED_EVENTS = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system")


def confine() -> None:
    """Lower every limit for good and refuse network, processes and writing to files."""
    limits = {resource.RLIMIT_AS: _MEMORY_BYTES, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_CORE: 0}
    for kind, value in limits.items():
        try:
            resource.setrlimit(kind, (value, value))
        except (ValueError, OSError):
            # macOS knows RLIMIT_AS but refuses to set it; the other walls still stand there.
            if sys.platform != "darwin":
                raise
    sys.addaudithook(_refuse)


def _refuse(event: str, args: tuple[Any, ...]) -> None:
    writing = event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")
    if writing or event.startswith(_REFUSED_EVENTS):
        raise PermissionError(f"a document may not use {event}")


def allow_seconds(seconds: int) -> None:
    """Count processor time anew for this document: the kernel ends the process beyond it."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(usage.ru_utime + usage.ru_stime)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds + 1, hard))


class Warnings(logging.Handler):
    """Keeps what the library would only log: a missing glyph, a refused file."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = record.getMessage()
        # A letterhead too long for its box is drawn smaller, with nothing lost: no fault.
        if "fitted with -pdf-keep-in-frame-mode: shrink" not in line:
            self.lines.append(line[:300])


def render(html: str, epoch: int, assets: Path) -> tuple[bytes, list[str]]:
    """One document. `epoch` becomes its creation time, so equal input makes equal bytes."""
    from xhtml2pdf import pisa
    from xhtml2pdf.config.resources import ResourceAccessPolicy

    policy = ResourceAccessPolicy.server(
        assets,
        allow_remote=False,
        max_render_seconds=30,
        max_document_bytes=500_000,
        max_depth=60,
    )
    os.environ["SOURCE_DATE_EPOCH"] = str(epoch)
    heard = Warnings()
    logging.getLogger().addHandler(heard)
    target = io.BytesIO()
    try:
        status = pisa.CreatePDF(
            html,
            target,
            path=str(assets / "document.html"),
            capacity=_MEMORY_BYTES,
            resource_policy=policy,
        )
    finally:
        logging.getLogger().removeHandler(heard)
    if status.err and not heard.lines:
        heard.lines.append("The renderer reported a fault without naming it.")
    return target.getvalue(), heard.lines


def answer(request: dict[str, Any], body: bytes, assets: Path) -> tuple[dict[str, Any], bytes]:
    """The reply to one request; a document that cannot be rendered is a reply too."""
    allow_seconds(_RENDER_CPU_SECONDS)
    try:
        pdf, warnings = render(body.decode(), int(request["epoch"]), assets)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"[:500], "warnings": []}, b""
    return {"error": "", "warnings": warnings[:20]}, pdf


def serve(source: BinaryIO, target: BinaryIO, assets: Path) -> None:
    """Answer until stdin closes, which also ends an orphan whose parent was killed."""
    while line := source.readline():
        request = json.loads(line)
        head, pdf = answer(request, source.read(request["length"]), assets)
        gc.collect()
        target.write(json.dumps({**head, "length": len(pdf)}).encode() + b"\n" + pdf)
        target.flush()


if __name__ == "__main__":
    # A stray print of a library must not land in the middle of a PDF.
    private = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    logging.basicConfig(level=logging.WARNING, handlers=[logging.NullHandler()])
    from xhtml2pdf import pisa  # noqa: F401  (imported before the limits close the files)

    confine()
    # Collecting in mid-document walks the whole library again and again.
    gc.freeze()
    gc.disable()
    serve(sys.stdin.buffer, private, Path(sys.argv[1]))
