"""Drafts: mapped, confirmed or thrown away by a person."""

import pytest

from apps.deals.ingestion.drafts import (
    ColumnNotThere,
    NotADraft,
    confirm_import,
    discard_import,
    map_import,
)
from apps.deals.ingestion.due import claim_import
from apps.deals.ingestion.fields import UnknownField
from apps.deals.ingestion.worker import run_import
from apps.deals.models import LeadList, ListMembership
from apps.events.models import Event
from tests.deals.ingestion.conftest import as_csv, house
from tests.deals.ingestion.test_preview import draft  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(draft):  # noqa: F811
    return draft(as_csv([house()]), is_draft=True)


@pytest.fixture
def who(laid, system, now):
    return {"workspace": laid, "actor": system, "now": now}


def names():
    return list(Event.objects.order_by("id").values_list("name", flat=True))


def test_a_draft_waits_until_a_person_confirms_it(held, who, now, laid):
    assert claim_import(now) is None
    mapped = map_import(
        **who, lead_import=held, mapping={"Address": "line", "Notes": ""},
        lead_list_name=" High   Equity ",
    )  # fmt: skip
    assert (mapped.mapping, mapped.lead_list.name) == ({"Address": "line"}, "High Equity")
    again = map_import(
        **who, lead_import=held, mapping={"Address": "line"}, lead_list_name="high equity"
    )
    assert again.lead_list_id == mapped.lead_list_id
    confirm_import(**who, lead_import=held)
    confirm_import(**who, lead_import=held)
    told = [name for name in names() if "import_mapped" in name or "import_confirmed" in name]
    assert told == ["deals.import_mapped.v1", "deals.import_confirmed.v1"]


def test_its_rows_are_put_on_the_list(held, who, now, laid):
    map_import(**who, lead_import=held, mapping={}, lead_list_name="Probate")
    confirm_import(**who, lead_import=held)
    done = run_import(claim_import(now), clock=lambda: now)
    assert done.counts["created"] == 1
    assert ListMembership.objects.in_workspace(laid).get().lead_list.name == "Probate"


def test_a_mapping_must_fit_the_file(held, who, laid):
    with pytest.raises(ColumnNotThere, match="Elsewhere"):
        map_import(**who, lead_import=held, mapping={"Elsewhere": "line"}, lead_list_name="")
    with pytest.raises(UnknownField):
        map_import(**who, lead_import=held, mapping={"Address": "nonsense"}, lead_list_name="")
    before = held.mapping
    held.refresh_from_db()
    assert held.mapping == before
    assert not LeadList.objects.in_workspace(laid).exists()


def test_a_draft_thrown_away_is_over(held, who, now):
    discard_import(**who, lead_import=held)
    discard_import(**who, lead_import=held)
    held.refresh_from_db()
    assert (held.state, held.chunks.count()) == ("canceled", 0)
    with pytest.raises(NotADraft):
        confirm_import(**who, lead_import=held)
    with pytest.raises(NotADraft):
        map_import(**who, lead_import=held, mapping={}, lead_list_name="")
    assert claim_import(now) is None
    assert names().count("deals.import_discarded.v1") == 1
