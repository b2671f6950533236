"""Follow-ups and conversations of two who were one all along."""

from datetime import timedelta

import pytest

from apps.contacts.queries import find_contact_by_address
from apps.events.catalog.sequences import EnrollmentStopped
from apps.events.queries import list_facts
from apps.inbox.models import Conversation
from apps.sequences.actions import reach_step, stop_enrollments
from apps.sequences.types import StopReason

pytestmark = pytest.mark.django_db


def test_one_follow_up_goes_on_and_the_other_stops_with_a_reason(world, merge, workspace, deliver):
    one, two = world.person("Ann Sample"), world.person("Anne Sample")
    first = world.enrollment(world.deal(one), one)
    second = world.enrollment(world.deal(two), two)
    merge(one, two)
    deliver()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.contact_id) == ("active", one.pk)
    assert (second.state, second.stopped_reason, second.contact_id) == ("stopped", "merged", one.pk)
    (fact,) = list_facts(workspace.pk, names=[EnrollmentStopped.name])
    assert fact.payload["reason"] == "merged"


def test_the_only_follow_up_goes_on_with_the_survivor(world, merge, deliver):
    one, two = world.person("Ann Sample"), world.person("Anne Sample")
    running = world.enrollment(world.deal(two), two)
    merge(one, two)
    deliver()
    running.refresh_from_db()
    assert (running.state, running.contact_id) == ("active", one.pk)


def test_an_unmerge_lets_a_step_go_on_whose_message_was_taken_back(
    world, merge, unmerge, deliver, workspace
):
    from apps.sequences.models import StepRun

    one, two = world.person("Ann Sample"), world.person("Anne Sample")
    world.enrollment(world.deal(one), one)
    waiting = world.enrollment(world.deal(two), two, state="waiting", due_at=None)
    message = world.message(two, purpose="sequence", idempotency_key=f"{waiting.public_id}:1")
    StepRun.objects.create(
        workspace=workspace, enrollment=waiting, position=1, channel="sms",
        message_key=message.idempotency_key, reached_at=world.now,
    )  # fmt: skip
    done = merge(one, two)
    deliver()
    message.refresh_from_db()
    assert message.state == "canceled"
    unmerge(done)
    deliver()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.contact_id) == ("active", two.pk)
    assert waiting.due_at == world.now


def test_a_step_due_in_the_gap_is_written_to_the_survivor(world, merge, workspace, system, now):
    one = world.person("Ann Sample", ["+12035550150"], ["ann@example.com"])
    two = world.person("Anne Sample")
    due = world.enrollment(world.deal(two), two, due_at=now, next_position=0)
    merge(one, two)
    reach_step(workspace=workspace, actor=system, enrollment=due, now=now)
    (fact,) = list_facts(workspace.pk, names=["sequences.step_reached.v1"])
    assert fact.payload["contact"] == str(one.public_id)


def test_news_under_the_old_id_stops_the_survivors_follow_up(
    world, merge, workspace, system, now, deliver
):
    one, two = world.person("Ann Sample"), world.person("Anne Sample")
    running = world.enrollment(world.deal(one), one)
    merge(one, two)
    deliver()
    stop_enrollments(
        workspace=workspace, actor=system, reason=StopReason.REPLIED, now=now,
        contact=two.public_id,
    )  # fmt: skip
    running.refresh_from_db()
    assert running.state == "stopped"


def test_two_conversations_become_one_view(world, merge, workspace, now, deliver):
    one = world.person("Ann Sample", ["+12035550150"])
    two = world.person("Anne Sample", ["+12035550151"])
    earlier = now - timedelta(minutes=9)
    world.conversation(one, state="closed", unread_count=0)
    world.conversation(
        two, unread_count=2, first_unanswered_at=earlier, last_message_at=now + timedelta(minutes=1)
    )
    world.reply(one), world.reply(two)
    merge(one, two)
    deliver()
    row = Conversation.objects.in_workspace(workspace).get()
    assert row.contact_id == one.pk
    assert (row.state, row.unread_count, row.first_unanswered_at) == ("open", 2, earlier)
    assert row.last_excerpt == "by Anne Sample"
    assert find_contact_by_address(workspace, "+12035550151") == one
    from apps.channels.queries import list_thread

    assert len(list_thread(workspace, one.public_id)) == 2
