"""`make test`: the suite on SQLite, and on PostgreSQL with Redis where they answer.

With CI=true both must run and no test may be skipped. Arguments go to pytest.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
IS_CI = os.environ.get("CI", "").lower() in {"1", "true"}
POSTGRES = os.environ.get("TEST_DATABASE_URL", "postgres://localhost:5432/postgres")
REDIS = os.environ.get("TEST_REDIS_URL", "redis://localhost:6379/9")


def answers(url: str, default_port: int) -> bool:
    parts = urlsplit(url)
    try:
        address = (parts.hostname or "localhost", parts.port or default_port)
        with socket.create_connection(address, 2):
            return True
    except OSError:
        return False


def postgres_url() -> str:
    """The first address that lets us in: as configured, or as the local superuser."""
    import psycopg

    candidates = [POSTGRES]
    if "TEST_DATABASE_URL" not in os.environ:
        candidates += [
            "postgres://postgres@localhost:5432/postgres",
            "postgres://root@localhost/root",
        ]
    for url in candidates:
        try:
            psycopg.connect(url, connect_timeout=3).close()
        except psycopg.OperationalError:
            continue
        return url
    return ""


def run(name: str, environment: dict[str, str], arguments: list[str]) -> tuple[bool, str]:
    report = Path(tempfile.mkdtemp()) / "report.xml"
    print(f"\n== {name}", flush=True)
    code = subprocess.call(
        [
            sys.executable, "-m", "pytest", "-q", "-n", os.environ.get("TEST_PROCESSES", "2"),
            "--dist", "loadgroup", f"--junitxml={report}", *arguments,
        ],
        cwd=ROOT,
        env={**os.environ, "WAKE_WORKERS": "false", **environment},
    )  # fmt: skip
    if not report.exists():
        return False, f"{name}: pytest did not finish (exit {code})"
    suite = next(ElementTree.parse(report).iter("testsuite"))
    count = {key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")}
    failed = count["failures"] + count["errors"]
    passed = count["tests"] - failed - count["skipped"]
    is_good = code == 0 and passed > 0 and not (IS_CI and count["skipped"])
    return is_good, f"{name}: {passed} passed, {failed} failed, {count['skipped']} skipped"


def main() -> int:
    arguments = sys.argv[1:]
    sqlite = {"DATABASE_URL": "sqlite", "REDIS_URL": ""}
    results = [run("SQLite", sqlite, arguments)]
    url = postgres_url() if answers(POSTGRES, 5432) else ""
    has_redis = answers(REDIS, 6379)
    if url and has_redis:
        served = {"DATABASE_URL": url, "REDIS_URL": REDIS}
        results.append(run("PostgreSQL + Redis", served, arguments))
    else:
        missing = [n for n, there in (("PostgreSQL", url), ("Redis", has_redis)) if not there]
        line = f"PostgreSQL + Redis: not run, {' and '.join(missing)} did not answer"
        results.append((not IS_CI, line))
    print("\n" + "\n".join(line for _, line in results))
    if IS_CI and any("0 skipped" not in line for _, line in results):
        print("In CI both databases must run and no test may be skipped.")
    return 0 if all(is_good for is_good, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
