"""One action, one transaction, one fact."""

from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from apps.events.actions import Actor, action, assert_no_action, unchanged
from apps.events.append_only import install
from apps.events.catalog.workspaces import WorkspaceCreated
from apps.events.errors import ActionInsideAction, NetworkInsideAction, NotOneFact
from apps.events.models import Event, Seal
from apps.events.publish import publish, publish_many
from apps.events.seals import find_flaws, seal_all
from apps.workspaces.models import User

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")
SUBJECT = UUID(int=7)


def fact(slug: str = "x") -> WorkspaceCreated:
    return WorkspaceCreated(subject=SUBJECT, slug=slug, workspace_name="X")


@action
def count_to(*, actor: Actor, facts: int, now) -> None:
    User.objects.create(email="someone@example.com")
    for _ in range(facts):
        publish(fact(), workspace_id=1, actor=actor, now=now)


@action
def find_done(*, actor: Actor, now) -> None:
    unchanged("nothing to do")


@action
def nest(*, actor: Actor, now) -> None:
    count_to(actor=actor, facts=1, now=now)


@action
def call_provider(*, actor: Actor, now) -> None:
    assert_no_action()


@pytest.mark.parametrize("facts", [0, 2])
def test_an_action_without_exactly_one_fact_changes_nothing(facts, now):
    with pytest.raises(NotOneFact):
        count_to(actor=SYSTEM, facts=facts, now=now)
    assert not User.objects.exists()
    assert not Event.objects.exists()


def test_an_action_that_found_its_work_done_needs_no_fact(now):
    find_done(actor=SYSTEM, now=now)
    assert not Event.objects.exists()


def test_an_action_inside_an_action_is_refused(now):
    with pytest.raises(ActionInsideAction):
        nest(actor=SYSTEM, now=now)


def test_no_provider_is_called_inside_an_action(now):
    with pytest.raises(NetworkInsideAction):
        call_provider(actor=SYSTEM, now=now)
    assert_no_action()


def test_facts_outside_actions_are_refused(now):
    with pytest.raises(NotOneFact):
        publish(fact(), workspace_id=1, actor=SYSTEM, now=now)
    with pytest.raises(NotOneFact):
        publish_many([fact()], workspace_id=1, actor=SYSTEM, now=now)


ON_FACTS = [
    "UPDATE events_event SET actor_label = 'someone else'",
    "UPDATE events_event SET payload = '{}'",
    "UPDATE events_event SET seq = 99",
    "UPDATE events_event SET seal_id = NULL, seq = NULL",
    "DELETE FROM events_event",
]
ON_SEALS = ["UPDATE events_seal SET hash = 'x'", "DELETE FROM events_seal"]


@pytest.mark.parametrize(
    ("statement", "is_sealed"),
    [(text, sealed) for text in ON_FACTS for sealed in (False, True)]
    + [(text, True) for text in ON_SEALS],
)
def test_the_database_refuses_to_change_facts(statement, is_sealed, now):
    count_to(actor=SYSTEM, facts=1, now=now)
    if is_sealed:
        seal_all(now=now)
    before = list(Event.objects.values()), list(Seal.objects.values())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert (list(Event.objects.values()), list(Seal.objects.values())) == before


def test_triggers_can_be_installed_again(now):
    install(connection)
    count_to(actor=SYSTEM, facts=1, now=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.all().delete()


def test_seals_chain_and_late_facts_fall_into_the_next(now):
    count_to(actor=SYSTEM, facts=1, now=now)
    assert seal_all(now=now) == 1
    for slug in "abc":
        publish_one(actor=SYSTEM, slug=slug, now=now)
    assert seal_all(now=now, batch=2) == 3
    seals = list(Seal.objects.order_by("number").values_list("first_seq", "last_seq"))
    assert seals == [(1, 1), (2, 3), (4, 4)]
    assert list(find_flaws()) == []
    assert seal_all(now=now) == 0


@action
def publish_one(*, actor: Actor, slug: str, now) -> None:
    publish(fact(slug), workspace_id=1, actor=actor, now=now)
