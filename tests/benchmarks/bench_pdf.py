"""Printing an offer: ours against xhtml2pdf called directly, and against a process per document.

Wall time of single documents, taken in turns so that a busy machine slows all three alike; the
ratios are medians over the turns.
"""

from __future__ import annotations

import io
import json
import logging
import os
import platform
import statistics
import time
from collections.abc import Callable

from apps.offers.pdf.document import ASSETS
from apps.offers.pdf.markup import to_html
from apps.offers.pdf.render import Renderer
from tests.offers.letters import letter

ROUNDS = 15


def main() -> None:
    from xhtml2pdf import pisa
    from xhtml2pdf.config.resources import ResourceAccessPolicy

    logging.getLogger("xhtml2pdf").setLevel(logging.ERROR)
    document = letter()
    html = to_html(document)
    policy = ResourceAccessPolicy.server(ASSETS, allow_remote=False)
    os.environ["SOURCE_DATE_EPOCH"] = str(int(document.prepared_at.timestamp()))
    warm = Renderer()

    def ours() -> bytes:
        return warm.render(to_html(document), prepared_at=document.prepared_at)

    def floor() -> bytes:
        target = io.BytesIO()
        pisa.CreatePDF(html, dest=target, path=str(ASSETS / "x.html"), resource_policy=policy)
        return target.getvalue()

    def peer() -> bytes:
        fresh = Renderer()
        try:
            return fresh.render(html, prepared_at=document.prepared_at)
        finally:
            fresh.close()

    try:
        if not ours() == floor() == peer():
            raise SystemExit("the three ways must print the same bytes")
        times = [(_seconds(ours), _seconds(floor), _seconds(peer)) for _ in range(ROUNDS)]
    finally:
        warm.close()
    _report(times)


def _seconds(work: Callable[[], bytes]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _report(times: list[tuple[float, float, float]]) -> None:
    mine, floor, peer = (statistics.median(column) for column in zip(*times, strict=True))
    figure = {
        "name": "pdf.offer",
        "value": round(1 / mine, 2),
        "unit": "documents/s in one process",
        "floor": round(1 / floor, 2),
        "peer": round(1 / peer, 2),
        "ratio_to_floor": round(statistics.median(f / m for m, f, _ in times), 3),
        "ratio_to_peer": round(statistics.median(p / m for m, _, p in times), 2),
        "hold": "ratio_to_floor >= 0.9",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}",
    }
    print(json.dumps(figure))


if __name__ == "__main__":
    main()
