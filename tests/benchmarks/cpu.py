"""CPU seconds of this process and its database backend: wall time says little on a busy machine."""

from __future__ import annotations

import contextlib
import os
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def cpu_seconds(work: Callable[[], Any]) -> float:
    start = time.process_time() + backend_cpu()
    work()
    return time.process_time() + backend_cpu() - start


def backend_cpu() -> float:
    """Of this connection's PostgreSQL backend, where it is a process of this machine."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def machine() -> dict[str, str]:
    from django.db import connection

    name = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return {"database": connection.vendor, "machine": name}
