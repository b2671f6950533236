"""Offers and enrollments by a partner: the action's own facts, jobs, and requests that repeat."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from apps.api.models import IdempotencyRecord
from apps.api.tasks import forget_old_answers
from apps.common.clock import now as clock_now
from apps.events.catalog.offers import OfferMade
from apps.events.catalog.sequences import EnrollmentStarted
from apps.events.queries import list_facts
from apps.offers.models import Offer
from apps.offers.printing import print_next
from apps.sequences.models import Enrollment, Sequence

pytestmark = pytest.mark.django_db


def order(deal, **more) -> dict[str, str]:
    return {"deal": str(deal.public_id), "strategy": "cash", **more}


def once(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key}


@pytest.fixture
def enrollments(workspace, deal) -> str:
    sequence = Sequence.objects.in_workspace(workspace).first()
    return f"sequences/{sequence.public_id}/enrollments/"


def test_an_offer_is_a_job_that_can_be_polled(workspace, partner, deal) -> None:
    holder = partner(workspace, "offers:write")
    answer = holder.post("offers/", order(deal))
    assert answer.status_code == 202
    job = answer.json()
    assert answer["Location"] == f"/api/v1/jobs/{job['id']}/"
    assert job["state"] == "queued"
    waiting = holder.get(f"jobs/{job['id']}/")
    assert waiting["Retry-After"] == "2"
    assert print_next(clock=clock_now)
    done = holder.get(f"jobs/{job['id']}/")
    assert done.json()["state"] == "done"
    assert len(done.json()["sha256"]) == 64
    assert "Retry-After" not in done
    [fact] = list_facts(workspace.pk, names=[OfferMade.name])
    assert (fact.actor_kind, fact.subject) == ("api_key", Offer.across_workspaces.get().public_id)
    reader = partner(workspace, "offers:read")
    offer = reader.get(f"offers/{job['offer']}/").json()
    assert (offer["amount"], offer["state"]) == ("125000.00", "ready")
    assert reader.get("offers/", {"state": "ready"}).json()["results"] == [offer]
    assert reader.get("offers/", {"state": "expired"}).json()["results"] == []


def test_asking_again_gives_the_same_job(workspace, partner, deal) -> None:
    holder = partner(workspace)
    first, second = holder.post("offers/", order(deal)), holder.post("offers/", order(deal))
    assert second.status_code == 202
    assert first.json() == second.json()
    assert Offer.across_workspaces.count() == 1


def test_a_named_seller_must_be_a_party(workspace, partner, deal, make_deal) -> None:
    holder = partner(workspace)
    seller, neighbor = str(deal.seller.public_id), str(make_deal(workspace).seller.public_id)
    assert holder.post("offers/", order(deal, seller=seller)).status_code == 202
    assert holder.post("offers/", order(deal, seller=neighbor)).status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ({}, 400, {"deal", "strategy"}),
        ({"deal": "x", "strategy": "cash"}, 400, {"deal"}),
        ({"deal": None, "strategy": "cash"}, 400, {"deal"}),
        ([1, 2], 400, {"non_field_errors"}),
        ('"text"', 400, {"non_field_errors"}),
    ],
)
def test_malformed_bodies_are_named(workspace, partner, deal, body, status, fields) -> None:
    answer = partner(workspace).post("offers/", body)
    assert answer.status_code == status
    assert set(answer.json()["errors"]) == fields
    assert answer.json()["type"] == "invalid"


def test_a_body_that_is_no_json_is_refused(workspace, partner) -> None:
    holder = partner(workspace)
    for body, kind in (("{", "application/json"), ("a=b", "text/plain")):
        answer = holder.client.post(
            "/api/v1/offers/", body, content_type=kind, headers=holder._headers(None)
        )
        assert answer.status_code in {400, 415}
        assert set(answer.json()) == {"type", "title", "detail", "errors"}


def test_an_unknown_strategy_and_an_unqualified_deal_are_explained(
    workspace, partner, deal, make_deal
) -> None:
    holder = partner(workspace)
    unknown = holder.post("offers/", order(deal, strategy="nope"))
    assert unknown.status_code == 400
    assert set(unknown.json()["errors"]) == {"strategy"}
    refused = holder.post("offers/", order(make_deal(workspace, verdict="rejected")))
    assert refused.status_code == 422
    assert "not qualified" in refused.json()["detail"]
    assert not Offer.across_workspaces.exists()


def test_fields_that_are_not_asked_for_change_nothing(workspace, partner, deal) -> None:
    answer = partner(workspace).post(
        "offers/", order(deal, amount="999999", state="accepted", workspace="2")
    )
    assert answer.status_code == 202
    offer = Offer.across_workspaces.get()
    assert (offer.amount, offer.state, offer.workspace_id) == (125_000, "ready", workspace.pk)


def test_enrolling_is_201_then_200_and_one_fact(workspace, partner, deal, enrollments) -> None:
    holder = partner(workspace, "sequences:write")
    body = {"deal": str(deal.public_id)}
    first, second = holder.post(enrollments, body), holder.post(enrollments, body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert first.json()["contact"] == str(deal.seller.public_id)
    [fact] = list_facts(workspace.pk, names=[EnrollmentStarted.name])
    assert fact.actor_kind == "api_key"
    listed = partner(workspace, "sequences:read").get("sequences/").json()["results"]
    assert listed[0]["steps"]


def test_whoever_cannot_be_enrolled_is_explained(workspace, partner, deal, enrollments) -> None:
    deal.seller.phones.all().delete()
    answer = partner(workspace).post(enrollments, {"deal": str(deal.public_id)})
    assert answer.status_code == 422
    assert "no phone number" in answer.json()["detail"]
    assert not Enrollment.across_workspaces.exists()


def test_the_same_key_and_body_get_the_same_answer(workspace, partner, deal, enrollments) -> None:
    holder = partner(workspace)
    body = {"deal": str(deal.public_id)}
    first = holder.post(enrollments, body, once("a"))
    again = holder.post(enrollments, body, once("a"))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert holder.post(enrollments, body, once("b")).status_code == 200


def test_a_job_is_replayed_with_its_location(workspace, partner, deal) -> None:
    holder = partner(workspace)
    first = holder.post("offers/", order(deal), once("a"))
    print_next(clock=clock_now)
    again = holder.post("offers/", order(deal), once("a"))
    assert again.json() == first.json()
    assert again["Location"] == first["Location"]


def test_the_same_key_for_another_request_is_422(
    workspace, partner, deal, make_deal, enrollments
) -> None:
    holder = partner(workspace)
    other = make_deal(workspace)
    assert holder.post("offers/", order(deal), once("a")).status_code == 202
    assert holder.post("offers/", order(other), once("a")).status_code == 422
    enroll = holder.post(enrollments, {"deal": str(deal.public_id)}, once("a"))
    assert enroll.status_code == 422
    assert Offer.across_workspaces.count() == 1
    assert not Enrollment.across_workspaces.exists()


def test_keys_of_two_partners_do_not_meet(workspace, partner, deal, make_deal) -> None:
    other = make_deal(workspace)
    assert partner(workspace).post("offers/", order(deal), once("a")).status_code == 202
    assert partner(workspace).post("offers/", order(other), once("a")).status_code == 202
    assert Offer.across_workspaces.count() == 2


def test_a_refusal_is_not_kept(workspace, partner, make_deal) -> None:
    deal = make_deal(workspace, verdict="rejected")
    holder = partner(workspace)
    assert holder.post("offers/", order(deal), once("a")).status_code == 422
    assert not IdempotencyRecord.across_workspaces.exists()
    deal.score.verdict = "qualified"
    deal.score.save()
    assert holder.post("offers/", order(deal), once("a")).status_code == 202


@pytest.mark.parametrize("key", ["x" * 201, "a\tb"])
def test_a_malformed_key_is_refused(workspace, partner, deal, key) -> None:
    assert partner(workspace).post("offers/", order(deal), once(key)).status_code == 400


def test_a_process_killed_before_the_end_leaves_nothing(
    workspace, partner, deal, monkeypatch
) -> None:
    from apps.api.views import acting

    class Killed(BaseException):
        """Nothing after it runs, as after kill -9."""

    def die(offer):
        raise Killed

    holder = partner(workspace)
    with monkeypatch.context() as patch:
        patch.setattr(acting, "current_document", die)
        with pytest.raises(Killed):
            holder.post("offers/", order(deal), once("a"))
    assert not Offer.across_workspaces.exists()
    assert not IdempotencyRecord.across_workspaces.exists()
    assert not list_facts(workspace.pk, names=[OfferMade.name])
    answer = holder.post("offers/", order(deal), once("a"))
    assert answer.status_code == 202
    assert "Idempotent-Replayed" not in answer


@pytest.mark.django_db(transaction=True)
def test_requests_at_once_have_one_effect_and_one_answer(
    workspace, partner, deal, enrollments
) -> None:
    token = partner(workspace).token
    gate, answers = threading.Barrier(6), []

    def ask() -> None:
        from django.test import Client

        try:
            gate.wait()
            answers.append(
                Client().post(
                    f"/api/v1/{enrollments}",
                    {"deal": str(deal.public_id)},
                    content_type="application/json",
                    headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "a"},
                )
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [201] * 6
    assert len({answer.content for answer in answers}) == 1
    assert Enrollment.across_workspaces.count() == 1
    assert len(list_facts(workspace.pk, names=[EnrollmentStarted.name])) == 1


def test_old_answers_are_forgotten(workspace, partner, deal) -> None:
    partner(workspace).post("offers/", order(deal), once("a"))
    kept = IdempotencyRecord.across_workspaces.get()
    assert forget_old_answers(now=kept.created_at + timedelta(days=7)) == 0
    assert forget_old_answers(now=kept.created_at + timedelta(days=8)) == 1
