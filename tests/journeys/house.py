"""The real product as `make run` starts it, on a data directory of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class House:
    """A running installation."""

    address: str
    var: Path
    process: subprocess.Popen[str]
    output: list[str]

    def account(self, name: str) -> str:
        return str(json.loads((self.var / "demo.json").read_text())[name])

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False


def environment(var: Path, port: int, **more: str) -> dict[str, str]:
    """A clean environment: nothing of the test run's own settings leaks in."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    return {
        **kept,
        "DEALWRIGHT_VAR": str(var),
        "DEALWRIGHT_ENV": str(var / ".env"),
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        **more,
    }


def launch(env: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "launch"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def wait_until_up(process: subprocess.Popen[str]) -> list[str]:
    """Read the output until the address and accounts are printed."""
    lines: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line)
        if "Ctrl-C stops everything" in line:
            return lines
    raise AssertionError("it ended instead of starting:\n" + "".join(lines))


def stop(process: subprocess.Popen[str]) -> int:
    """Ctrl-C in the terminal: the whole group gets SIGINT."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
    try:
        return process.wait(timeout=30)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
