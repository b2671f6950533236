"""Large batches of short-lived objects without the collector going through all of them again."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_pausing = 0


@contextmanager
def paused_collection() -> Iterator[None]:
    """No collection of reference cycles while a bounded batch is worked, in any thread.

    What the batch leaves is freed by reference counts, or by the first collection afterwards.
    """
    global _pausing
    with _lock:
        _pausing += 1
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            _pausing -= 1
            if not _pausing:
                gc.enable()
