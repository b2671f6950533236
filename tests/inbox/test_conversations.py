"""Replies become conversations; answers stop the clock; each thing done is one fact."""

import pytest

from apps.channels.actions import queue_message
from apps.events.queries import list_facts
from apps.inbox import actions
from apps.inbox.models import Conversation
from apps.inbox.queries import count_unread, list_conversations
from apps.inbox.types import Folder

pytestmark = pytest.mark.django_db


def names(workspace, conversation):
    facts = list_facts(workspace.pk, subject=conversation.public_id, newest_first=False)
    return [fact.name.removeprefix("inbox.conversation_").removesuffix(".v1") for fact in facts]


@pytest.fixture
def act(workspace, system):
    def run(verb, conversation, at, **values):
        return verb(workspace=workspace, actor=system, conversation=conversation, now=at, **values)

    return run


@pytest.fixture
def answer(workspace, system, deal):
    def run(text, at, key="a", purpose="manual"):
        return queue_message(
            workspace=workspace,
            actor=system,
            contact_ref=deal.seller.public_id,
            deal_ref=deal.public_id,
            channel="sms",
            to_address=deal.seller.phones.get().e164,
            subject="",
            body=text,
            purpose=purpose,
            idempotency_key=key,
            now=at,
        )

    return run


def test_a_reply_opens_a_conversation_on_its_deal(workspace, written, deal, now, hours):
    assert (written.contact, written.deal) == (deal.seller, deal)
    assert (written.state, written.unread_count) == ("open", 1)
    assert written.first_unanswered_at == written.last_message_at == now + hours(1)
    assert (written.last_channel, written.last_excerpt) == ("sms", "What is your price?")
    assert names(workspace, written) == ["opened"]
    fact = list_facts(workspace.pk, subject=written.public_id)[0]
    assert (fact.actor_kind, fact.payload["deal"]) == ("contact", str(deal.public_id))


def test_a_second_reply_updates_the_same_one(workspace, written, deal, reply, tick, now, hours):
    reply(deal, "Hello?", now + hours(2))
    tick(now + hours(2))
    row = Conversation.across_workspaces.get()
    assert (row.pk, row.unread_count, row.last_excerpt) == (written.pk, 2, "Hello?")
    assert row.first_unanswered_at == now + hours(1)
    assert names(workspace, row) == ["opened", "updated"]


def test_a_persons_answer_stops_the_clock_and_records_the_speed(
    workspace, written, answer, tick, now, hours
):
    at = now + hours(1) + hours(1) / 60
    answer("We could pay 120,000.", at)
    tick(at)
    written.refresh_from_db()
    assert (written.first_unanswered_at, written.unread_count) == (None, 0)
    fact = list_facts(workspace.pk, subject=written.public_id, limit=1)[0]
    assert fact.name == "inbox.conversation_answered.v1"
    assert fact.payload["waited_seconds"] == 60


def test_an_automatic_message_is_no_answer(written, answer, tick, now, hours):
    answer("Your message was received.", now + hours(1), purpose="sequence")
    tick(now + hours(1))
    written.refresh_from_db()
    assert written.first_unanswered_at is not None


def test_an_answer_that_was_blocked_is_no_answer(
    workspace, system, written, answer, tick, now, hours
):
    from apps.channels.actions import record_suppression

    record_suppression(
        workspace=workspace,
        actor=system,
        kind="manual",
        contact_ref=written.contact.public_id,
        address="",
        reason="asked on the phone",
        now=now + hours(1),
    )
    message = answer("Still there?", now + hours(2))
    tick(now + hours(2))
    message.refresh_from_db()
    written.refresh_from_db()
    assert message.state == "blocked"
    assert written.first_unanswered_at == now + hours(1)


def test_an_opt_out_is_shown_and_starts_no_clock(
    deal, enroll, tick, reply, conversation_of, now, hours
):
    enroll(deal)
    tick(now)
    reply(deal, "STOP", now + hours(1))
    tick(now + hours(1))
    row = conversation_of(deal)
    assert (row.unread_count, row.first_unanswered_at) == (1, None)


def test_reading_keeps_the_clock(workspace, written, act, now, hours):
    row = act(actions.mark_read, written, now + hours(2))
    assert (row.unread_count, row.first_unanswered_at) == (0, now + hours(1))
    act(actions.mark_read, written, now + hours(2))
    assert names(workspace, written) == ["opened", "read"]


def test_closed_ones_open_again_when_the_seller_writes(
    workspace, written, act, deal, reply, tick, now, hours
):
    act(actions.close_conversation, written, now + hours(2))
    assert count_unread(workspace) == 0
    reply(deal, "One more thing", now + hours(3))
    tick(now + hours(3))
    written.refresh_from_db()
    assert (written.state, written.unread_count) == ("open", 1)
    assert written.first_unanswered_at == now + hours(3)
    assert names(workspace, written) == ["opened", "closed", "opened"]


def test_a_snooze_ends_by_time_or_by_a_message(
    workspace, written, act, make_user, deal, reply, tick, now, hours
):
    user = make_user(workspace)

    def folder(name, at):
        page = list_conversations(workspace, Folder(name), user, at)
        return [row.conversation.pk for row in page.rows]

    act(actions.snooze_conversation, written, now, until=now + hours(24))
    assert (folder("open", now), folder("snoozed", now)) == ([], [written.pk])
    assert folder("open", now + hours(24)) == [written.pk]
    reply(deal, "Hello?", now + hours(2))
    tick(now + hours(2))
    assert folder("open", now + hours(2)) == [written.pk]


def test_it_lies_on_one_desk(workspace, other_workspace, written, act, make_user, now):
    user, other = make_user(workspace), make_user(workspace, "acquisitions")
    act(actions.assign_conversation, written, now, user=user)

    def mine(who):
        return len(list_conversations(workspace, Folder.MINE, who, now).rows)

    assert (mine(user), mine(other)) == (1, 0)
    assert not list_conversations(workspace, Folder.UNASSIGNED, user, now).rows
    with pytest.raises(actions.AssigneeNotMember):
        act(actions.assign_conversation, written, now, user=make_user(other_workspace))


def test_the_list_is_paged_by_key(workspace, system, make_deal, make_user, now, hours):
    from apps.inbox.queries import PAGE_SIZE

    for number in range(PAGE_SIZE + 5):
        deal = make_deal()
        actions.record_reply(
            workspace=workspace,
            actor=system,
            contact=deal.seller,
            deal=deal,
            channel="sms",
            body="Hello",
            now=now + hours(number),
        )
    user = make_user(workspace)
    first = list_conversations(workspace, Folder.OPEN, user, now)
    second = list_conversations(workspace, Folder.OPEN, user, now, first.next_cursor)
    seen = [row.conversation.pk for row in [*first.rows, *second.rows]]
    assert (len(first.rows), len(second.rows)) == (PAGE_SIZE, 5)
    assert len(set(seen)) == PAGE_SIZE + 5
    assert second.next_cursor == ""
