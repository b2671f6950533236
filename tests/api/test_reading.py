"""Lists and details: what comes out, complete and stable pages, filters."""

import base64
from urllib.parse import urlencode

import pytest

from apps.contacts.actions.merging import merge_contacts
from apps.contacts.models import Contact
from apps.events.seals import seal_all

pytestmark = pytest.mark.django_db


def follow(holder, path: str, between=lambda: None, **query) -> list[dict]:
    """All rows of a list, page by page; `between` runs after each page."""
    rows, address = [], f"{path}?{urlencode(query)}"
    while address:
        answer = holder.get(address.removeprefix("http://testserver/api/v1/")).json()
        rows += answer["results"]
        between()
        address = answer["next"]
    return rows


def add_contacts(workspace, count: int, prefix: str = "Owner") -> None:
    Contact.objects.bulk_create(
        Contact(workspace=workspace, name=f"{prefix} {n}", match_key=f"{prefix} {n}")
        for n in range(count)
    )


def test_a_deal_with_its_numbers(workspace, partner, deal) -> None:
    holder = partner(workspace)
    answer = holder.get(f"deals/{deal.public_id}/").json()
    assert answer["id"] == str(deal.public_id)
    assert answer["address"]["line"] == deal.property.line
    assert answer["stage"] == "qualified"
    assert answer["seller"] == str(deal.seller.public_id)
    assert answer["score"]["score"] == 72
    assert answer["numbers"]["arv_amount"] == 250_000
    assert answer["numbers"]["days_on_market"] is None
    assert holder.get("deals/").json()["results"] == [answer]


def test_a_deal_without_seller_score_or_numbers(workspace, partner, deal) -> None:
    deal.score.delete()
    deal.metrics.delete()
    deal.seller = None
    deal.save()
    answer = partner(workspace).get(f"deals/{deal.public_id}/").json()
    assert (answer["seller"], answer["score"], answer["numbers"]) == (None, None, None)


def test_a_contact_with_phones(workspace, partner, deal) -> None:
    holder = partner(workspace)
    answer = holder.get(f"contacts/{deal.seller.public_id}/").json()
    assert answer["name"] == "Margaret Example"
    assert answer["phones"][0]["number"] == deal.seller.phones.get().e164
    assert answer["phones"][0]["is_dnc"] is False
    assert holder.get("contacts/").json()["results"] == [answer]


def test_no_internal_number_comes_out(workspace, partner, deal) -> None:
    holder = partner(workspace)
    for path in ("deals/", "contacts/", "offers/", "sequences/"):
        text = holder.get(path).content.decode()
        for name in ('"pk"', '"workspace"', '"workspace_id"', "token_hash", "match_key"):
            assert name not in text


@pytest.mark.parametrize("size", [1, 3, 200])
def test_pages_are_complete_and_stable_while_rows_are_added(workspace, partner, size) -> None:
    add_contacts(workspace, 7)
    wanted = {
        str(public_id)
        for public_id in Contact.objects.in_workspace(workspace).values_list("public_id", flat=True)
    }
    counter = iter(range(1000))
    rows = follow(
        partner(workspace),
        "contacts/",
        between=lambda: add_contacts(workspace, 2, f"Late {next(counter)}"),
        page_size=size,
    )
    ids = [row["id"] for row in rows]
    assert len(ids) == len(set(ids))
    assert set(ids) == wanted


def test_a_page_holds_at_most_two_hundred(workspace, partner) -> None:
    add_contacts(workspace, 205)
    holder = partner(workspace)
    assert len(holder.get("contacts/", {"page_size": 5000}).json()["results"]) == 200
    assert len(holder.get("contacts/").json()["results"]) == 50
    for strange in ("0", "-1", "x", "1e9"):
        assert len(holder.get("contacts/", {"page_size": strange}).json()["results"]) == 50


@pytest.mark.parametrize("position", ["p=abc", "p=1;drop", "p=99999999999999999999", "p=-1", "o=x"])
@pytest.mark.parametrize("path", ["deals/", "events/"])
def test_a_forged_cursor_is_refused_and_never_an_error(workspace, partner, position, path) -> None:
    cursor = base64.b64encode(position.encode()).decode()
    answer = partner(workspace).get(path, {"cursor": cursor})
    assert answer.status_code == 400
    assert "cursor" in answer.json()["detail"]


def test_filters_narrow_and_wrong_ones_are_named(workspace, partner, make_deal) -> None:
    good = make_deal(workspace, score=90)
    make_deal(workspace, verdict="rejected", score=10)
    holder = partner(workspace)

    def ids(**query) -> list[str]:
        return [row["id"] for row in holder.get("deals/", query).json()["results"]]

    assert ids(verdict="qualified") == [str(good.public_id)]
    assert ids(min_score=50) == [str(good.public_id)]
    assert len(ids(stage="qualified", status="open")) == 2
    assert ids(stage="dead") == []
    refused = holder.get("deals/", {"stage": "nonsense", "min_score": "x"})
    assert refused.status_code == 400
    assert set(refused.json()["errors"]) == {"stage", "min_score"}
    assert holder.get("offers/", {"deal": "x"}).status_code == 400


def test_contacts_are_searched(workspace, partner, deal) -> None:
    add_contacts(workspace, 3)
    Contact.objects.in_workspace(workspace).filter(name="Owner 1").update(kind="company")
    holder = partner(workspace)
    phone = deal.seller.phones.get().e164
    [row] = holder.get("contacts/", {"search": phone}).json()["results"]
    assert row["id"] == str(deal.seller.public_id)
    [row] = holder.get("contacts/", {"kind": "company"}).json()["results"]
    assert row["name"] == "Owner 1"


def test_lists_cost_the_same_for_few_and_many_rows(
    workspace, partner, make_deal, django_assert_max_num_queries
) -> None:
    for _ in range(6):
        make_deal(workspace)
    holder = partner(workspace)
    for path in ("deals/", "contacts/", "offers/", "sequences/", "events/"):
        with django_assert_max_num_queries(6):
            assert holder.get(path).status_code == 200


def test_the_log_is_read_once_and_then_from_where_it_ended(
    workspace, partner, make_deal, now
) -> None:
    make_deal(workspace)
    holder = partner(workspace)
    assert holder.get("events/").json()["results"] == []
    seal_all(now=now)
    rows = follow(holder, "events/", page_size=5)
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    assert rows[0]["name"] == "workspaces.workspace_created.v1"
    assert rows[0]["payload"]["slug"] == workspace.slug
    assert follow(holder, "events/", after=rows[-1]["seq"]) == []
    partner(workspace)
    seal_all(now=now)
    later = follow(holder, "events/", after=rows[-1]["seq"])
    assert [row["name"] for row in later] == ["workspaces.api_key_issued.v1"]
    named = follow(holder, "events/", name="workspaces.api_key_issued.v1")
    assert len(named) == 2


def test_unknown_addresses_are_json_404(workspace, partner) -> None:
    holder = partner(workspace)
    for path in ("", "nothing/", "deals/not-a-uuid/", "deals"):
        answer = holder.get(path)
        assert answer.status_code in {301, 404}
        if answer.status_code == 404:
            assert answer.json()["type"] == "not_found"


def test_a_merged_contact_answers_as_the_one_it_became_part_of(workspace, partner, system, now):
    add_contacts(workspace, 2)
    one, two = Contact.objects.in_workspace(workspace).order_by("pk")
    merge_contacts(workspace=workspace, actor=system, survivor=one, other=two, choices={}, now=now)
    holder = partner(workspace)
    answer = holder.get(f"contacts/{two.public_id}/").json()
    assert answer["id"] == str(one.public_id)
    assert [row["id"] for row in holder.get("contacts/").json()["results"]] == [str(one.public_id)]
