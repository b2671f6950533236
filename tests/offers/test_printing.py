"""The printing job: one file per offer, whatever dies or comes late."""

from datetime import timedelta
from hashlib import sha256

import pytest

from apps.events.queries import list_facts
from apps.offers import actions, printing
from apps.offers.actions.printing import Printed
from apps.offers.due import LEASE, claim_document
from apps.offers.letters import public_link
from apps.offers.models import OfferDocument
from apps.offers.pdf.render import DocumentRefused, RendererFailed
from apps.offers.printing import print_document, print_next
from apps.offers.queries import current_document, pdf_bytes

pytestmark = pytest.mark.django_db


def names(workspace, offer):
    facts = list_facts(workspace.pk, subject=offer.public_id, newest_first=False)
    return [fact.name.split(".")[1] for fact in facts]


def fail(monkeypatch, error):
    def broken(*args, **kwargs):
        raise error

    monkeypatch.setattr(printing.renderer, "render", broken)


def test_a_queued_document_is_printed_once(workspace, offer, now):
    assert print_next(clock=lambda: now) is True
    assert print_next(clock=lambda: now) is False
    document = current_document(offer)
    pdf = pdf_bytes(document)
    assert pdf is not None
    assert pdf.startswith(b"%PDF-")
    assert document.sha256 == sha256(pdf).hexdigest()
    assert (document.state, document.attempts, document.byte_count) == ("done", 1, len(pdf))
    assert names(workspace, offer) == ["offer_made", "offer_rendered"]


def test_the_same_document_prints_to_the_same_bytes(printed):
    assert print_document(printed).sha256 == printed.sha256
    assert print_document(printed).content_key == printed.content_key


def test_the_stored_file_is_sealed_while_its_link_can_accept(printed, offer):
    token = public_link(offer).rstrip("/").rsplit("/", 1)[1]
    assert printed.is_sealed
    assert not bytes(printed.body).startswith(b"%PDF-")
    assert token.encode() not in bytes(printed.body)


def test_a_claimed_document_is_left_to_its_worker_until_the_lease_is_over(offer, now):
    claimed = claim_document(now=now)
    assert claimed is not None
    assert claim_document(now=now + LEASE - timedelta(seconds=1)) is None
    rescued = claim_document(now=now + LEASE)
    assert rescued is not None
    assert (rescued.pk, rescued.attempts) == (claimed.pk, 2)


def test_a_worker_that_lost_its_lease_changes_nothing(workspace, offer, system, now):
    slow = claim_document(now=now)
    quick = claim_document(now=now + LEASE)
    assert slow is not None
    assert quick is not None
    common = {"workspace": workspace, "actor": system, "now": now}
    late = Printed(b"%PDF-late", "0" * 64, "x" * 64, "late")
    actions.record_document(document=slow, printed=late, **common)
    actions.record_render_failure(document=slow, error="late", is_final=True, **common)
    assert current_document(offer).state == "rendering"
    actions.record_document(document=quick, printed=print_document(quick), **common)
    actions.record_document(document=slow, printed=late, **common)
    assert current_document(offer).sha256 != late.sha256
    assert names(workspace, offer) == ["offer_made", "offer_rendered"]


def test_failures_wait_longer_each_time_and_park_after_the_fifth(
    workspace, offer, now, monkeypatch
):
    fail(monkeypatch, RendererFailed("The PDF renderer stopped before it was done."))
    times, waits = [now], []
    for _ in range(5):
        assert print_next(clock=lambda: times[-1])
        document = current_document(offer)
        waits.append((document.available_at - times[-1]).total_seconds())
        assert not print_next(clock=lambda: times[-1]), "it must wait"
        times.append(document.available_at)
    assert waits[:4] == [5, 20, 80, 320]
    document = current_document(offer)
    assert (document.state, document.attempts) == ("failed", 5)
    assert "stopped before it was done" in document.error
    assert not print_next(clock=lambda: times[-1] + timedelta(days=1))
    facts = list_facts(workspace.pk, subject=offer.public_id)[:5]
    assert [fact.payload["is_final"] for fact in facts] == [True, False, False, False, False]


def test_a_document_that_can_never_be_printed_parks_at_once(offer, now, monkeypatch):
    fail(monkeypatch, DocumentRefused("The document's fonts cannot print 东 (U+4E1C)."))
    assert print_next(clock=lambda: now)
    document = current_document(offer)
    assert (document.state, document.attempts) == ("failed", 1)
    assert "东" in document.error


def test_a_document_that_kills_its_worker_five_times_is_parked(offer, now):
    moment = now
    for _ in range(5):
        assert claim_document(now=moment) is not None
        moment += LEASE
    assert print_next(clock=lambda: moment)
    document = current_document(offer)
    assert (document.state, document.error) == (
        "failed",
        "The renderer was ended five times while printing this.",
    )


def test_a_name_no_font_can_draw_is_said_in_the_job(workspace, make_deal, strategy, system, now):
    offer = actions.make_offer(
        workspace=workspace,
        actor=system,
        deal=make_deal(workspace, name="李 Wei"),
        seller=None,
        strategy=strategy,
        now=now,
    )
    print_next(clock=lambda: now)
    document = current_document(offer)
    assert document.state == "failed"
    assert "cannot print 李 (U+674E)" in document.error


def test_hostile_text_is_printed_as_text(workspace, make_deal, strategy, system, now):
    evil = "<img src=http://127.0.0.1:9/x> {% load x %}"
    offer = actions.make_offer(
        workspace=workspace,
        actor=system,
        deal=make_deal(workspace, name=evil, line=evil, apn=evil[:80]),
        seller=None,
        strategy=strategy,
        now=now,
    )
    print_next(clock=lambda: now)
    assert current_document(offer).state == "done"


def test_a_changed_workspace_does_not_change_a_queued_document(workspace, offer, now):
    before = current_document(offer).content_key
    workspace.name = "Renamed Homes"
    workspace.save()
    print_next(clock=lambda: now)
    assert current_document(offer).content_key == before
    assert OfferDocument.objects.in_workspace(workspace).count() == 1
