"""Fixtures shared by all tests. Time is a value here: nothing waits."""

from __future__ import annotations

import os

os.environ.setdefault("WAKE_WORKERS", "false")
os.environ.setdefault("SECRET_KEY", "a key for tests only")

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, TransactionTestCase

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if SHARED_DATA.exists():
        return
    reason = pytest.mark.skip(reason=f"{SHARED_DATA} is not on this machine")
    for item in items:
        if item.get_closest_marker("shared_data"):
            item.add_marker(reason)


@pytest.fixture(autouse=True, scope="session")
def _flush_past_append_only() -> Iterator[None]:
    """Emptying a test database is the one thing the append-only triggers must not refuse."""
    from apps.events import append_only

    original = TransactionTestCase._fixture_teardown

    def teardown(self: TransactionTestCase) -> None:
        append_only.remove(connection)
        try:
            original(self)
        finally:
            append_only.install(connection)

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = original  # type: ignore[method-assign]


def _own_cache() -> None:
    """A Redis database for each test process: some tests empty the cache."""
    if not settings.REDIS_URL:
        return
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    server, _, number = settings.REDIS_URL.rpartition("/")
    own = f"{server}/{(int(number or 0) + 1 + process) % 16}"
    settings.CACHES["default"]["LOCATION"] = own


_own_cache()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def system():
    from apps.events.actions import Actor

    return Actor.system("tests")


@pytest.fixture
def workspace(db, system, now):
    """A workspace with sandbox connections, an owner and nothing else."""
    from apps.workspaces.actions import create_workspace

    return create_workspace(
        actor=system,
        slug="blue-gate",
        name="Blue Gate Homes",
        legal_address="1 Example Plaza, New Haven, CT 06510",
        sender_name="Dana",
        now=now,
    )


@pytest.fixture
def other_workspace(db, system, now):
    from apps.workspaces.actions import create_workspace

    return create_workspace(actor=system, slug="red-gate", name="Red Gate Homes", now=now)


@pytest.fixture
def make_user(db, system, now):
    """make_user(workspace, role="owner", email=…) -> a member who can sign in."""
    from apps.workspaces.actions import add_member
    from apps.workspaces.models import User

    def make(workspace, role="owner", email=None, **extra):
        user = User.objects.create_user(
            email or f"{role}@{workspace.slug}.example.com", "a long password 1", **extra
        )
        add_member(workspace=workspace, actor=system, user=user, role=role, now=now)
        return user

    return make


@pytest.fixture
def signed_in(make_user) -> Callable[..., Client]:
    """signed_in(workspace, role="owner") -> a Django test client with a session."""

    def sign_in(workspace, role="owner") -> Client:
        client = Client()
        client.force_login(make_user(workspace, role))
        return client

    return sign_in


@pytest.fixture
def deliver(now) -> Callable[..., int]:
    """deliver() runs all fact deliveries until nothing is ready; deliver(at=…) at another time."""
    from apps.events.dispatch import deliver_ready
    from apps.events.models import Delivery

    def run(at: datetime = now, allow_failures: bool = False) -> int:
        total = 0
        for _ in range(200):
            count = deliver_ready(clock=lambda: at)
            total += count
            if not count:
                break
        if not allow_failures:
            failed = Delivery.objects.exclude(error="").values_list("subscriber", "error")
            assert not list(failed), "\n".join(f"{name}: {error}" for name, error in failed)
        return total

    return run
