"""`make run`: one clear sentence on trouble, one supervised process otherwise."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from tests.journeys.house import ROOT, House, environment, free_port, launch, stop, wait_until_up

pytestmark = [pytest.mark.xdist_group("journeys")]


def start_expecting_trouble(env) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", "launch"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    text = (done.stdout + done.stderr).strip()
    assert "Traceback" not in text
    assert len(text.splitlines()) == 1, text
    return text


def test_a_taken_port_gives_one_sentence(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        text = start_expecting_trouble(environment(tmp_path, port))
    assert f"Port {port} is taken" in text


@pytest.mark.parametrize(
    ("dotenv", "sentence"),
    [
        ("this is not a setting\n", ".env line 1 is not NAME=value"),
        ("DEBUG=perhaps\n", "DEBUG must be true or false"),
        ("DATABASE_URL=mysql://x\n", "DATABASE_URL must start with"),
        ("REDIS_URL=localhost\n", "REDIS_URL must start with"),
        ("SERVED=true\n", "Set SECRET_KEY"),
        ("DATABASE_URL=postgres://nobody@127.0.0.1:1/x\n", "does not answer"),
        ("REDIS_URL=redis://127.0.0.1:1/0\n", "does not answer"),
    ],
)
def test_a_broken_setting_gives_one_sentence(tmp_path, dotenv, sentence):
    (tmp_path / ".env").write_text(dotenv)
    assert sentence in start_expecting_trouble(environment(tmp_path, free_port()))


def test_a_bad_port_number_gives_one_sentence(tmp_path):
    text = start_expecting_trouble({**environment(tmp_path, 1), "PORT": "many"})
    assert "PORT must be a whole number" in text


def test_an_old_python_gives_one_sentence(tmp_path):
    """The set-up script is run in an empty copy whose only Python says it is too old."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("cat", "cksum", "dirname", "sh", "id", "rm"):
        (tools / name).symlink_to(f"/usr/bin/{name}" if name != "sh" else "/bin/sh")
    old = tools / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    copy = tmp_path / "clone" / ".ci"
    copy.mkdir(parents=True)
    (copy / "setup.sh").write_text((ROOT / ".ci" / "setup.sh").read_text())
    (copy.parent / "requirements.txt").write_text("")
    done = subprocess.run(
        ["/bin/sh", str(copy / "setup.sh"), "requirements.txt"],
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def children(pid: int) -> list[int]:
    """Processes of the group that `pid` leads, without itself and the dead."""
    listing = subprocess.run(
        ["ps", "-axo", "pid=,pgid=,stat="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split() for line in listing.splitlines()]
    return [
        int(row[0])
        for row in rows
        if int(row[1]) == pid and int(row[0]) != pid and not row[2].startswith("Z")
    ]


def wait_until_it_answers(house: House) -> None:
    """The address is printed once the socket listens, a moment before there is a worker."""
    deadline = time.monotonic() + 60
    while not house.answers():
        assert time.monotonic() < deadline


@pytest.mark.crash
def test_a_killed_server_comes_back_and_ctrl_c_ends_every_child(house):
    """kill -9 of the process that serves and works; the supervisor brings it back."""
    wait_until_it_answers(house)
    before = children(house.process.pid)
    assert before
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    wait_until_it_answers(house)
    assert set(children(house.process.pid)).isdisjoint(before)


def test_a_second_run_keeps_the_data_and_ctrl_c_ends_every_child(tmp_path, house, served_settings):
    """A second process on the same data directory, as after a reboot."""
    port = free_port()
    process = launch(environment(house.var, port, **served_settings))
    lines = wait_until_up(process)
    wait_until_it_answers(House(f"http://127.0.0.1:{port}", house.var, process, lines))
    output = "".join(lines)
    assert "Creating the demo workspace" not in output
    assert house.account("wholesaler_password") in output
    assert children(process.pid)
    stop(process)
    assert children(process.pid) == []
