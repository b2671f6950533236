"""Starting the real product, as `make run` does, on a database of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import BytesIO

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.deals.models import Deal, LeadImport
from tests.conftest import NOW
from tests.journeys.house import ROOT, House, environment, free_port, launch, stop, wait_until_up
from tests.journeys.line import sweep

ROWS = 120


@pytest.fixture(scope="session")
def served_settings(django_db_setup, django_db_blocker) -> Iterator[dict[str, str]]:
    """On PostgreSQL: a fresh database and Redis for the same command; on SQLite nothing."""
    if connection.vendor == "sqlite":
        yield {}
        return
    import psycopg

    url = os.environ["DATABASE_URL"]
    name = f"dealwright_journey_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    base, _, _ = url.partition("?")
    fresh = base.rsplit("/", 1)[0] + f"/{name}"
    yield {"DATABASE_URL": fresh, "REDIS_URL": os.environ.get("REDIS_URL", "")}
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def house(tmp_path_factory, served_settings) -> Iterator[House]:
    var = tmp_path_factory.mktemp("var")
    port = free_port()
    process = launch(environment(var, port, **served_settings))
    running = House(f"http://127.0.0.1:{port}", var, process, wait_until_up(process))
    yield running
    stop(process)


@pytest.fixture
def frozen():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def wholesaler(frozen, workspace, make_user) -> Client:
    sweep()
    client = Client()
    client.force_login(make_user(workspace, "acquisitions"))
    return client


@pytest.fixture
def best_deal(wholesaler, workspace) -> Deal:
    """Upload the head of the shipped list through the page; the best textable deal."""
    path = ROOT / "fixtures" / "leads" / "new_haven_county.csv"
    head = b"".join(path.read_bytes().splitlines(keepends=True)[: ROWS + 1])
    upload = BytesIO(head)
    upload.name = path.name
    response = wholesaler.post(reverse("deals:import_upload"), {"file": upload})
    assert response.status_code in (302, 303), response.content[:2000]
    draft = LeadImport.objects.in_workspace(workspace).get()
    wholesaler.post(reverse("deals:import_start", args=[draft.public_id]))
    sweep()
    done = LeadImport.objects.in_workspace(workspace).get()
    counted = (
        done.created_count
        + done.updated_count
        + done.unchanged_count
        + done.duplicate_count
        + done.rejected_count
    )
    assert (done.state, counted) == ("done", ROWS)
    qualified = Deal.objects.in_workspace(workspace).filter(score__verdict="qualified")
    textable = qualified.filter(
        seller__phones__is_dnc=False, seller__is_litigator=False, seller__emails__isnull=False
    )
    deal = textable.order_by("-score__score", "id").first()
    assert deal is not None
    return deal
