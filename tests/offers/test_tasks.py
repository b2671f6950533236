"""The periodic tasks, and a worker that is killed while it prints."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from apps.common import clock
from apps.events.queries import list_facts
from apps.offers import actions
from apps.offers.due import LEASE
from apps.offers.models import Offer
from apps.offers.printing import print_next
from apps.offers.queries import current_document, pdf_bytes
from apps.offers.tasks import expire_due, render_due

ROOT = Path(__file__).resolve().parents[2]
WORKER = """
import django
django.setup()
from apps.offers.tasks import render_due
render_due()
"""


@pytest.fixture
def offer_now(workspace, system, deal, strategy):
    """An offer made by the real clock, which a task in another process reads too."""
    return actions.make_offer(
        workspace=workspace,
        actor=system,
        deal=deal,
        seller=None,
        strategy=strategy,
        now=clock.now(),
    )


@pytest.mark.django_db
def test_the_task_prints_what_waits(offer_now):
    render_due()
    assert current_document(offer_now).state == "done"


@pytest.mark.django_db
def test_the_task_closes_what_is_over(workspace, offer_now):
    expire_due()
    assert Offer.objects.in_workspace(workspace).get().state == "ready"
    Offer.objects.in_workspace(workspace).update(expires_at=clock.now())
    expire_due()
    assert Offer.objects.in_workspace(workspace).get().state == "expired"


@pytest.mark.crash
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("place", ["offers.after_claim", "offers.after_render"])
def test_a_killed_worker_loses_and_doubles_nothing(workspace, offer_now, place):
    killed = _work(DEALWRIGHT_FAILPOINT=place)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert current_document(offer_now).state == "rendering"
    assert not print_next(clock=clock.now), "the lease still holds"
    assert print_next(clock=lambda: clock.now() + LEASE)
    document = current_document(offer_now)
    assert (document.state, document.attempts) == ("done", 2)
    assert (pdf_bytes(document) or b"").startswith(b"%PDF-")
    facts = list_facts(workspace.pk, subject=offer_now.public_id, newest_first=False)
    assert [fact.name for fact in facts] == ["offers.offer_made.v1", "offers.offer_rendered.v1"]


def _work(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WORKER],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": _address(),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _address() -> str:
    """The test database as another process names it."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    password = f":{settings['PASSWORD']}" if settings["PASSWORD"] else ""
    host = f"{settings['HOST'] or 'localhost'}:{settings['PORT'] or 5432}"
    return f"postgres://{settings['USER']}{password}@{host}/{settings['NAME']}"
