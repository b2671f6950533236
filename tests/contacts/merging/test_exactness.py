"""What a merge takes together an unmerge takes apart, row by row and column by column."""

import contextlib
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.contacts.actions.unmerging import LaterMergeStands
from apps.contacts.models import Contact, Phone
from apps.events.catalog.contacts import ContactsUnmerged
from apps.events.queries import list_facts
from apps.workspaces.scoping import WorkspaceRow
from tests.contacts.merging.world import BY_KEY, BY_REF, dump

pytestmark = pytest.mark.django_db
NUMBERS = [f"+1203555010{digit}" for digit in range(4)]
OURS = {"Merge", "MergeMove", "MergeSuggestion"}


def full(world):
    """Two people with rows in every room, some of them clashing."""
    now = world.now
    one = world.person("Ann Sample", NUMBERS[:2], ["ann@example.com"], mailing_line="12 Elm St")
    two = world.person(
        "Anne Sample", NUMBERS[1:3], ["ann@example.com", "a2@example.com"], care_of="The Barn",
        is_litigator=True, last_responded_at=now, check_due_at=now,
    )  # fmt: skip
    Phone.objects.in_workspace(world.workspace).filter(contact=two, e164=NUMBERS[1]).update(
        status="wrong_number", is_dnc=True, dnc_checked_on=now.date(), is_litigator=True
    )
    shared, own = world.deal(one, two), world.deal(two)
    world.offer(shared, one), world.offer(shared, two), world.offer(own, two)
    world.intent(shared, one), world.intent(own, two)
    world.enrollment(shared, one), world.enrollment(own, two)
    world.conversation(one, unread_count=1, first_unanswered_at=now)
    world.conversation(two, unread_count=2, last_message_at=now + timedelta(minutes=1), deal=own)
    for contact in (one, two):
        world.message(contact), world.reply(contact), world.consent(contact), world.trace(contact)
    return one, two


def test_an_unmerge_restores_every_row_of_every_room(world, merge, unmerge, deliver):
    one, two = full(world)
    before = dump(one, two)
    assert all(before.values()), "a room without rows proves nothing"
    done = merge(one, two, name="other")
    deliver()
    assert dump(one, two) != before
    unmerge(done)
    deliver()
    assert dump(one, two) == before


def test_an_unmerge_before_any_room_heard_of_the_merge_is_exact_too(world, merge, unmerge, deliver):
    one, two = full(world)
    before = dump(one, two)
    unmerge(merge(one, two))
    deliver()
    assert dump(one, two) == before


def test_everything_hangs_on_the_survivor_after_a_merge(world, merge, deliver):
    one, two = full(world)
    merge(one, two)
    deliver()
    left = dump(two)
    assert {label: len(rows) for label, rows in left.items() if rows} == {
        "contacts.Contact": 1,
        # Two offers of one deal cannot be one, and none is deleted.
        "offers.Offer": 1,
    }
    one.refresh_from_db()
    assert one.is_litigator
    assert one.care_of == "The Barn"  # the survivor had none
    phones = list(one.phones.order_by("rank").values_list("e164", "rank", "status", "is_dnc"))
    assert phones == [
        (NUMBERS[0], 1, "unverified", False),
        (NUMBERS[1], 2, "wrong_number", True),
        (NUMBERS[2], 3, "unverified", False),
    ]


def test_what_came_since_stays_and_is_named(world, merge, unmerge, deliver, workspace):
    one, two = full(world)
    done = merge(one, two)
    deliver()
    later = world.message(one, queued_at=world.now + timedelta(minutes=5))
    world.phone(one, NUMBERS[3], 9)
    one.phones.filter(e164=NUMBERS[2]).update(status="verified")
    unmerge(done)
    deliver()
    later.refresh_from_db()
    assert later.contact_ref == one.public_id
    moved_back = Phone.objects.in_workspace(workspace).get(e164=NUMBERS[2])
    assert (moved_back.contact_id, moved_back.status) == (two.pk, "verified")
    (fact,) = list_facts(workspace.pk, names=[ContactsUnmerged.name])
    assert fact.payload["stays"] == ["1 message", NUMBERS[3]]


def test_merges_are_taken_back_newest_first(world, merge, unmerge, deliver):
    one, two, three = (world.person(f"Ann Sample{i}", [NUMBERS[i]]) for i in range(3))
    world.deal(one), world.deal(two), world.deal(three)
    before = dump(one, two, three)
    first = merge(two, three)
    second = merge(one, two)
    deliver()
    with pytest.raises(LaterMergeStands, match="First undo the later merge of Ann Sample1 into"):
        unmerge(first)
    unmerge(second)
    unmerge(first)
    deliver()
    assert dump(one, two, three) == before


def test_merging_again_while_the_rooms_still_undo_the_first(world, merge, unmerge, deliver):
    one, two = full(world)
    before = dump(one, two)
    first = merge(one, two)
    deliver()
    unmerge(first)
    second = merge(one, two)
    deliver()
    assert not dump(two)["deals.Deal"]
    unmerge(second)
    deliver()
    assert dump(one, two) == before


def test_every_table_that_names_a_contact_takes_part_in_a_merge():
    """A new table with a contact in it must say here, and in a room, what a merge does to it."""
    found = {
        relation.related_model._meta.label
        for relation in Contact._meta.get_fields(include_hidden=True)
        if relation.one_to_many and issubclass(relation.related_model, WorkspaceRow)
    }
    found = {label for label in found if label.split(".")[1] not in OURS}
    room_of_contacts = {label for label in found if label.startswith("contacts.")}
    assert found - room_of_contacts <= set(BY_KEY)
    named = {
        model._meta.label
        for model in apps.get_models()
        if issubclass(model, WorkspaceRow)
        and any(field.name == "contact_ref" for field in model._meta.concrete_fields)
    }
    assert named == {*BY_REF, "channels.PersonAlias", "channels.Suppression"}


class Undone(Exception):
    """Rolls the example back: Hypothesis runs many within one test."""


KINDS = ["phone", "deal", "shared", "offer", "intent", "enrollment", "conversation", "message",
         "reply", "consent", "trace", "open_trace"]  # fmt: skip
graphs = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 2), st.integers(0, 3)), max_size=14
)
orders = st.permutations([0, 1, 2])


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(graph=graphs, order=orders, is_heard=st.lists(st.booleans(), min_size=4, max_size=4))
def test_any_graph_comes_back_exactly(graph, order, is_heard, world, merge, unmerge, deliver):
    with contextlib.suppress(Undone), transaction.atomic():
        prove(graph, order, is_heard, world, merge, unmerge, deliver)
        raise Undone


def prove(graph, order, is_heard, world, merge, unmerge, deliver):
    people = [world.person(f"Ann Sample{number}") for number in range(3)]
    for kind, who, which in graph:
        hang(world, kind, people, who, which)
    before = dump(*people)
    a, b, c = (people[index] for index in order)
    done = []
    for (survivor, other), heard in zip([(b, c), (a, b)], is_heard[:2], strict=True):
        done.append(merge(survivor, other))
        if heard:
            deliver()
    for merged, heard in zip(reversed(done), is_heard[2:], strict=True):
        unmerge(merged)
        if heard:
            deliver()
    deliver()
    assert dump(*people) == before


def hang(world, kind, people, who, which):
    contact, other = people[who], people[(who + 1) % 3]
    match kind:
        case "phone" if not contact.phones.filter(e164=NUMBERS[which]).exists():
            status = ["unverified", "verified", "wrong_number", "parked"][which]
            world.phone(contact, NUMBERS[which], which + 1, status=status, is_dnc=who == 1)
        case "deal":
            world.deal(contact)
        case "shared":
            world.deal(contact, other)
        case "offer":
            world.offer(world.deal(contact, other), other if which else contact)
        case "intent":
            world.intent(world.deal(contact), contact)
        case "enrollment":
            world.enrollment(world.deal(contact), contact)
        case "conversation" if not dump(contact)["inbox.Conversation"]:
            world.conversation(contact, unread_count=which)
        case "message" | "reply" | "consent" | "trace":
            getattr(world, kind)(contact)
        case "open_trace":
            rows = dump(contact)["contacts.SkipTrace"].values()
            if not any(row["state"] == "requested" for row in rows):
                world.trace(contact, "requested")
