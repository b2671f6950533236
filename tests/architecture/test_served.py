"""Served form, in a process of its own: settings are read once."""

import os
import subprocess
import sys

import pytest

SERVED = {
    "SERVED": "true",
    "SECRET_KEY": "only-for-this-test-" + "k7Qz" * 12,
    "ALLOWED_HOSTS": "crm.example.com",
    "PUBLIC_URL": "https://crm.example.com",
    "DATABASE_URL": "sqlite",
    "REDIS_URL": "",
}


@pytest.fixture
def served(tmp_path):
    """served(code) -> the finished process that ran it."""

    def run(code: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **{key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ},
            **SERVED,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DEALWRIGHT_VAR": str(tmp_path),
            "DEALWRIGHT_ENV": str(tmp_path / "none"),
        }
        return subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_django_finds_nothing_to_warn_of(served):
    done = served(
        "from django.core.management import call_command\n"
        "call_command('check', deploy=True, fail_level='WARNING')"
    )
    assert done.returncode == 0, done.stderr


def test_a_platform_may_ask_for_health_over_plain_http(served):
    done = served(
        "from django.test import Client\n"
        "asked = Client(headers={'host': 'crm.example.com'})\n"
        "print(asked.get('/healthz').status_code, asked.get('/account/login/').status_code)"
    )
    assert done.stdout.split() == ["200", "301"], done.stderr
