"""Who gets in, what a key may do, and that nothing of another workspace comes out."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import get_resolver
from django.urls.resolvers import RoutePattern

from apps.api.urls import urlpatterns
from apps.offers.models import Offer
from apps.sequences.models import Enrollment, Sequence
from apps.workspaces.actions import revoke_api_key
from apps.workspaces.models import ApiKey
from apps.workspaces.types import SCOPES

pytestmark = pytest.mark.django_db

NEEDED = {
    ("GET", "deals/"): {"deals:read"},
    ("GET", "deals/<id>/"): {"deals:read"},
    ("GET", "contacts/"): {"contacts:read"},
    ("GET", "contacts/<id>/"): {"contacts:read"},
    ("GET", "offers/"): {"offers:read"},
    ("POST", "offers/"): {"offers:write"},
    ("GET", "offers/<id>/"): {"offers:read"},
    ("GET", "jobs/<id>/"): {"offers:read", "offers:write"},
    ("GET", "events/"): {"events:read"},
    ("GET", "sequences/"): {"sequences:read"},
    ("POST", "sequences/<id>/enrollments/"): {"sequences:write"},
}


def call(partner, method: str, path: str):
    address = path.replace("<id>", str(uuid4()))
    return partner.get(address) if method == "GET" else partner.post(address, {})


def test_every_route_is_in_this_table() -> None:
    routes = {
        re.sub(r"<uuid:\w+>", "<id>", str(route.pattern))
        for route in urlpatterns
        if isinstance(route.pattern, RoutePattern)
    }
    assert routes - {"schema/", "docs/"} == {path for _, path in NEEDED}
    assert get_resolver().resolve("/api/v1/deals/").view_name == "api:deal_list"


@pytest.mark.parametrize(("method", "path"), NEEDED)
def test_each_endpoint_wants_its_scope_and_no_other(workspace, partner, method, path) -> None:
    needed = NEEDED[method, path]
    others = sorted(set(SCOPES) - needed)
    refused = call(partner(workspace, *others), method, path)
    assert refused.status_code == 403
    assert refused.json()["type"] == "permission_denied"
    for scope in needed:
        assert call(partner(workspace, scope), method, path).status_code in {200, 400, 404}


@pytest.mark.parametrize(("method", "path"), NEEDED)
def test_without_a_key_nobody_gets_in(workspace, client, method, path) -> None:
    address = "/api/v1/" + path.replace("<id>", str(uuid4()))
    response = client.generic(method, address)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert set(response.json()) == {"type", "title", "detail", "errors"}


@pytest.mark.parametrize("path", ["deals/", "offers/", "events/"])
def test_methods_nobody_named_are_refused(workspace, partner, path) -> None:
    holder = partner(workspace)
    for method in ("PUT", "PATCH", "DELETE"):
        response = holder.client.generic(method, f"/api/v1/{path}", headers=holder._headers(None))
        assert response.status_code == 405
        assert response.json()["type"] == "method_not_allowed"


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer dw_",
        "Bearer dw_x_y",
        "Bearer nonsense",
        "Basic dXNlcjpwYXNz",
        "bearer\tdw_a_b",
        "Bearer dw_\x00_b",
    ],
)
def test_malformed_keys_are_401_and_never_an_error(workspace, client, header) -> None:
    response = client.get("/api/v1/deals/", headers={"Authorization": header})
    assert response.status_code == 401


def test_a_changed_secret_is_refused(workspace, partner) -> None:
    holder = partner(workspace)
    holder.token = holder.token[:-1] + ("A" if holder.token[-1] != "A" else "B")
    assert holder.get("deals/").status_code == 401


def test_a_revoked_key_is_refused_at_once(workspace, partner, system, now) -> None:
    holder = partner(workspace)
    assert holder.get("deals/").status_code == 200
    revoke_api_key(workspace=workspace, actor=system, key=holder.key, now=now)
    response = holder.get("deals/")
    assert response.status_code == 401
    assert response.json()["type"] == "authentication_failed"


def test_an_expired_key_is_refused(workspace, partner) -> None:
    holder = partner(workspace)
    ApiKey.across_workspaces.filter(pk=holder.key.pk).update(
        expires_at=holder.key.created_at - timedelta(seconds=1)
    )
    assert holder.get("deals/").status_code == 401


def test_the_database_holds_no_usable_key_and_knows_the_last_use(workspace, partner) -> None:
    holder = partner(workspace)
    assert holder.get("deals/").status_code == 200
    row = ApiKey.across_workspaces.filter(pk=holder.key.pk).values().get()
    assert row["last_used_at"] is not None
    assert holder.token not in str(row)
    assert holder.token.split("_", 2)[2] not in str(row)


def test_the_last_use_costs_one_write_a_minute(
    workspace, partner, django_assert_num_queries
) -> None:
    holder = partner(workspace)
    holder.get("deals/")
    first = ApiKey.across_workspaces.get(pk=holder.key.pk).last_used_at
    holder.get("deals/")
    assert ApiKey.across_workspaces.get(pk=holder.key.pk).last_used_at == first


def test_a_signed_in_session_is_no_key(workspace, signed_in) -> None:
    assert signed_in(workspace).get("/api/v1/deals/").status_code == 401


def test_nothing_of_another_workspace_is_found_or_changed(
    workspace, other_workspace, partner, make_deal, deal
) -> None:
    foreign = make_deal(other_workspace, name="Canary Person")
    owner, stranger = partner(other_workspace), partner(workspace)
    made = owner.post("offers/", {"deal": str(foreign.public_id), "strategy": "cash"})
    job, offer = made.json()["id"], made.json()["offer"]
    sequence = Sequence.objects.in_workspace(other_workspace).first().public_id
    own_sequence = Sequence.objects.in_workspace(workspace).first().public_id
    own = {"deal": str(deal.public_id)}
    theirs = {"deal": str(foreign.public_id)}
    their_seller = str(foreign.seller.public_id)

    assert owner.get(f"jobs/{job}/").status_code == 200
    answers = [
        stranger.get(f"deals/{foreign.public_id}/"),
        stranger.get(f"contacts/{their_seller}/"),
        stranger.get(f"offers/{offer}/"),
        stranger.get(f"jobs/{job}/"),
        stranger.post("offers/", {**theirs, "strategy": "cash"}),
        stranger.post("offers/", {**own, "strategy": "cash", "seller": their_seller}),
        stranger.post(f"sequences/{sequence}/enrollments/", own),
        stranger.post(f"sequences/{own_sequence}/enrollments/", theirs),
        stranger.post(f"sequences/{own_sequence}/enrollments/", {**own, "contact": their_seller}),
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert not any("Canary" in answer.content.decode() for answer in answers)
    for path in ("deals/", "contacts/", "offers/", "events/", "sequences/"):
        assert str(foreign.public_id) not in stranger.get(path).content.decode()
        assert "Canary" not in stranger.get(path).content.decode()
    assert stranger.get("offers/", theirs).json()["results"] == []
    assert stranger.get("events/", theirs).json()["results"] == []
    assert Offer.across_workspaces.count() == 1
    assert Enrollment.across_workspaces.filter(workspace=workspace).count() == 0


def test_a_key_over_its_rate_waits_and_others_do_not(workspace, partner, monkeypatch) -> None:
    from apps.api.throttling import KeyThrottle

    monkeypatch.setattr(KeyThrottle, "rate", "3/min", raising=False)
    busy, calm = partner(workspace), partner(workspace)
    assert [busy.get("deals/").status_code for _ in range(3)] == [200] * 3
    refused = busy.get("deals/")
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert refused.json()["type"] == "throttled"
    assert calm.get("deals/").status_code == 200
