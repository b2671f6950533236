"""A refusal of either binds both from the instant of the merge, and for good."""

from datetime import timedelta

import pytest

from apps.channels.actions import claim_message, queue_message, record_suppression
from apps.channels.models import Message
from apps.channels.queries import is_suppressed, list_suppressions
from apps.contacts.actions.checking import check_contact, request_checks

pytestmark = pytest.mark.django_db
PHONE = "+12035550150"


def claim(message, system, now):
    return claim_message(workspace=message.workspace, actor=system, message_pk=message.pk, now=now)


def queue(workspace, system, contact, now, key="k"):
    return queue_message(
        workspace=workspace,
        actor=system,
        contact_ref=contact.public_id,
        deal_ref=None,
        channel="sms",
        to_address=PHONE,
        subject="",
        body="Hello",
        purpose="manual",
        idempotency_key=key,
        now=now,
    )


@pytest.mark.parametrize("refused", [0, 1])
@pytest.mark.parametrize("written_to", [0, 1])
def test_nothing_is_sent_in_the_gap_before_the_rooms_follow(
    world, merge, workspace, system, now, refused, written_to
):
    """No delivery runs here: this is the instant after the merge committed."""
    people = world.person("Ann Sample", [PHONE]), world.person("Anne Sample", ["+12035550151"])
    world.refusal(people[refused])
    merge(*people)
    message = queue(workspace, system, people[written_to], now)
    assert claim(message, system, now) is None
    message.refresh_from_db()
    assert (message.state, message.error_code) == ("blocked", "suppressed_opt_out")
    # The same road is open where nobody refused, or the test would prove nothing.
    free = world.person("Carl Free", ["+12035550159"]), world.person("Carl Freed")
    merge(*free)
    other = queue(workspace, system, free[written_to], now, key="free")
    Message.objects.in_workspace(workspace).filter(pk=other.pk).update(to_address="+12035550159")
    assert claim(other, system, now) is not None


def test_a_message_in_line_before_the_merge_is_judged_by_both_refusals(
    world, merge, workspace, system, now
):
    one, two = world.person("Ann Sample", [PHONE]), world.person("Anne Sample")
    message = queue(workspace, system, two, now)
    world.refusal(one)
    merge(one, two)
    assert claim(message, system, now) is None
    message.refresh_from_db()
    assert message.state == "blocked"
    assert message.contact_ref == one.public_id


def test_a_message_that_slipped_past_the_merge_goes_by_the_survivor(
    world, merge, workspace, system, now
):
    one, two = world.person("Ann Sample", [PHONE]), world.person("Anne Sample")
    merge(one, two)
    slipped = world.message(two, PHONE)
    record_suppression(
        workspace=workspace, actor=system, kind="manual", contact_ref=one.public_id,
        address="", reason="by hand", now=now,
    )  # fmt: skip
    assert claim(slipped, system, now) is None
    slipped.refresh_from_db()
    assert (slipped.state, slipped.contact_ref) == ("blocked", one.public_id)


def test_the_start_of_one_does_not_lift_the_refusal_of_the_other(world, merge, workspace, now):
    one, two = world.person("Ann Sample"), world.person("Anne Sample", [PHONE])
    world.refusal(one, at=now - timedelta(days=2))
    world.consent(two, basis="start_word", address=PHONE, given_at=now - timedelta(days=1))
    assert not is_suppressed(workspace, two.public_id, PHONE)
    merge(one, two)
    assert is_suppressed(workspace, one.public_id, PHONE)
    assert is_suppressed(workspace, two.public_id, PHONE)


def test_refusals_stay_with_both_after_an_unmerge(world, merge, unmerge, workspace, system, now):
    one, two = world.person("Ann Sample"), world.person("Anne Sample")
    world.refusal(two)
    done = merge(one, two)
    record_suppression(
        workspace=workspace, actor=system, kind="complaint", contact_ref=one.public_id,
        address="", reason="", now=now + timedelta(minutes=1),
    )  # fmt: skip
    assert len(list_suppressions(workspace, one.public_id)) == 2
    unmerge(done)
    for contact in (one, two):
        kinds = {row.kind for row in list_suppressions(workspace, contact.public_id)}
        assert kinds == {"opt_out", "complaint"}


def test_a_check_under_way_buys_nothing_for_a_merged_contact(world, merge, workspace, system, now):
    """With its phones moved away it would look like somebody who needs a paid look-up."""
    one, two = world.person("Ann Sample", [PHONE]), world.person("Anne Sample", ["+12035550151"])
    merge(one, two)
    assert not check_contact(
        workspace=workspace, actor=system, contact=two, may_trace=True, now=now
    )
    asked = request_checks(
        workspace=workspace, actor=system, contact_ids=[two.public_id], reason="test", now=now
    )
    assert asked == []
