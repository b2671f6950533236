"""Queue, claim, send, record: each once, each with its fact and its stored decision."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.db import transaction

from apps.channels.actions import (
    ConsentGiven,
    claim_message,
    record_accepted,
    record_consent,
    record_retry,
    requeue_message,
)
from apps.channels.models import Decision, Message, SandboxDelivery, SendingPolicy
from apps.channels.providers import registry as providers
from apps.channels.providers.base import Absent, Accepted, Found, Rejected, Retry, Undecided
from apps.channels.providers.sandbox import SandboxProvider
from apps.channels.sweeps.reconciling import reconcile
from apps.channels.sweeps.sending import send_one
from apps.channels.types import Channel, ConsentBasis, LineType
from apps.events.actions import Actor
from apps.events.errors import NetworkInsideAction
from apps.events.models import Event
from apps.workspaces.models import Connection
from tests.channels.conftest import PHONE, SELLER

pytestmark = pytest.mark.django_db


def facts(message: Message) -> list[str]:
    rows = Event.objects.filter(subject=message.public_id).order_by("pk")
    return [
        name.removeprefix("channels.message_").removesuffix(".v1")
        for name in rows.values_list("name", flat=True)
    ]


class Scripted:
    """A provider that answers from a list; an exception in it is raised."""

    name = "sandbox"
    settle = timedelta(minutes=15)

    def __init__(self, *answers: Any, trace: Any = None) -> None:
        self.answers, self.trace, self.calls = list(answers), trace or Absent(), 0

    def send(self, message: Any) -> Any:
        self.calls += 1
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def find(self, message: Any, since: datetime) -> Any:
        if isinstance(self.trace, Exception):
            raise self.trace
        return self.trace


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Any:
    def use(*answers: Any, trace: Any = None) -> Scripted:
        provider = Scripted(*answers, trace=trace)
        monkeypatch.setitem(providers._OPENERS, "sandbox", lambda connection: provider)
        return provider

    return use


def test_a_message_reaches_the_seller_once_with_its_decision(queue, send) -> None:
    message = queue()
    assert send() == 1
    message.refresh_from_db()
    delivery = SandboxDelivery.across_workspaces.get()
    assert message.state == "accepted"
    assert message.provider_sid == delivery.sid
    assert message.attempt == 1
    assert delivery.client_ref == message.public_id
    assert delivery.body.endswith("- Blue Gate Homes. Reply STOP to opt out.")
    assert facts(message) == ["queued", "claimed", "accepted"]
    decision = Decision.across_workspaces.get()
    assert decision.verdict == "allow"
    assert decision.is_sandbox
    assert {r["code"] for r in decision.live_reasons} == {"a2p_unregistered", "cold_sms"}
    assert decision.seen["states"] == ["CT", "NY"]
    assert PHONE not in str(decision.seen)
    assert send() == 0


def test_the_same_key_is_the_same_message(queue, send) -> None:
    first = queue("same")
    again = queue("same", body="Other words")
    assert again.pk == first.pk
    assert again.body == first.body
    assert facts(first) == ["queued"]
    send()
    queue("same")
    send()
    assert SandboxDelivery.across_workspaces.count() == 1


def test_the_same_key_in_another_workspace_is_another_message(queue, other_workspace) -> None:
    assert queue("same").pk != queue("same", workspace=other_workspace).pk


def test_a_claim_is_taken_once(queue, workspace, system, now) -> None:
    message = queue()
    arguments = {"workspace": workspace, "actor": system, "message_pk": message.pk, "now": now}
    assert claim_message(**arguments) is not None
    assert claim_message(**arguments) is None


def test_live_quiet_hours_put_off_to_the_next_legal_minute(queue, send, go_live, now) -> None:
    go_live()
    night = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
    morning = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
    message = queue(now=night, purpose="manual")
    _agree(message, night)
    send(night - now)
    message.refresh_from_db()
    assert (message.state, message.due_at) == ("queued", morning)
    assert facts(message) == ["queued", "deferred"]
    assert SandboxDelivery.across_workspaces.count() == 0
    send(morning - now)
    message.refresh_from_db()
    assert message.state == "accepted"
    assert [d.verdict for d in message.decisions.all()] == ["defer", "allow"]


def _agree(message: Message, at: datetime) -> None:
    record_consent(
        workspace=message.workspace,
        actor=Actor.system("tests"),
        contact_ref=SELLER,
        given=ConsentGiven(ConsentBasis.WRITTEN, list(Channel), at, text_shown="I agree"),
        now=at,
    )


def test_a_workspace_narrows_its_hours(queue, send, go_live, workspace, now) -> None:
    go_live()
    SendingPolicy.objects.create(workspace=workspace, opens_at="13:30", closes_at="18:00")
    message = queue()  # noon in New York
    _agree(message, now)
    send()
    message.refresh_from_db()
    assert message.due_at == datetime(2026, 11, 20, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"is_litigator": True}, "litigator"),
        ({"is_deceased": True}, "deceased"),
        ({"is_dnc": True}, "dnc"),
        ({"is_wrong_number": True}, "wrong_number"),
    ],
)
def test_flags_block_even_in_the_sandbox(queue, send, people, change, code) -> None:
    message = queue()
    people.become(**change)
    send()
    message.refresh_from_db()
    assert (message.state, message.error_code) == ("blocked", code)
    assert facts(message) == ["queued", "blocked"]
    assert SandboxDelivery.across_workspaces.count() == 0


def test_live_landline_and_missing_consent_are_refused(queue, send, go_live, people) -> None:
    go_live()
    people.become(line_type=LineType.LANDLINE)
    text = queue()
    voicemail = queue("k2", channel="voicemail")
    send()
    for message, code in ((text, "landline"), (voicemail, "no_consent_rvm")):
        message.refresh_from_db()
        assert message.state == "blocked"
        reasons = {r["code"] for r in message.decisions.get().reasons}
        assert code in reasons


def test_no_network_in_a_transaction(queue, workspace) -> None:
    from apps.events.actions import action, unchanged

    @action
    def wrong(*, actor: Actor, now: datetime) -> None:
        unchanged("nothing")
        SandboxProvider().send(None)  # type: ignore[arg-type]

    with pytest.raises(NetworkInsideAction):
        wrong(actor=Actor.system("tests"), now=datetime.now(UTC))


@pytest.mark.django_db(transaction=True)
def test_the_provider_is_called_outside_any_transaction(queue, send, script, monkeypatch) -> None:
    provider = script(Accepted("S1"))
    seen: list[bool] = []
    real = provider.send
    monkeypatch.setattr(
        provider, "send", lambda m: (seen.append(database.in_atomic_block), real(m))[1]
    )
    queue()
    send()
    assert seen == [False]


def test_refusal_of_the_provider_is_final_and_may_suppress(queue, send, script) -> None:
    provider = script(Rejected("21610", "opted out", suppresses=True))
    first, second = queue(), queue("k2")
    send()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.error_code) == ("failed", "21610")
    assert (second.state, second.error_code) == ("blocked", "suppressed_carrier")
    assert provider.calls == 1


def test_retry_waits_as_told_and_parks_after_five(queue, send, script, now) -> None:
    provider = script(*[Retry(timedelta(minutes=1), "429")] * 9)
    message = queue()
    for minute in range(9):
        send(timedelta(minutes=minute))
    message.refresh_from_db()
    assert message.state == "parked"
    assert provider.calls == 5
    assert facts(message).count("requeued") == 4
    assert facts(message)[-1] == "parked"


def test_doubt_is_looked_up_and_never_sent_blindly(queue, send, settle, script, now) -> None:
    provider = script(TimeoutError("read"), Accepted("S2"), trace=Absent())
    message = queue()
    send()
    message.refresh_from_db()
    assert message.state == "unknown"
    settle(timedelta(minutes=14))
    send(timedelta(minutes=14))
    assert provider.calls == 1
    settle(timedelta(minutes=15))
    message.refresh_from_db()
    assert message.state == "queued"
    send(timedelta(minutes=15))
    message.refresh_from_db()
    assert (message.state, message.provider_sid, message.attempt) == ("accepted", "S2", 2)
    assert facts(message) == [
        "queued",
        "claimed",
        "unknown",
        "requeued",
        "claimed",
        "accepted",
    ]


def test_doubt_found_at_the_provider_is_accepted(queue, send, settle, script) -> None:
    provider = script(TimeoutError("read"), trace=Found("S9"))
    message = queue()
    send()
    settle()
    message.refresh_from_db()
    assert (message.state, message.provider_sid) == ("accepted", "S9")
    assert provider.calls == 1


def test_a_provider_that_cannot_tell_leaves_it_to_a_person(
    queue, send, settle, script, workspace, now, make_user
) -> None:
    provider = script(TimeoutError("read"), Accepted("S1"), trace=Undecided("no search"))
    message = queue()
    send()
    settle()
    message.refresh_from_db()
    assert message.state == "unknown"
    settle(timedelta(minutes=15))
    message.refresh_from_db()
    assert message.state == "parked"
    send(timedelta(hours=1))
    assert provider.calls == 1
    user = Actor.user(make_user(workspace))
    requeue_message(
        workspace=workspace, actor=user, message_pk=message.pk, attempt=1, reason="asked", now=now
    )
    send()
    assert provider.calls == 2


def test_an_unreachable_provider_is_asked_again_later(queue, send, settle, script) -> None:
    script(TimeoutError("read"), trace=ConnectionError("down"))
    message = queue()
    send()
    settle(timedelta(hours=5))
    message.refresh_from_db()
    assert message.state == "unknown"


def test_an_absence_is_proof_only_after_the_call_was_over(
    queue, send, settle, script, workspace, system, now
) -> None:
    """The call may begin late in the lease; the provider's time to show it runs from its end."""
    provider = script(TimeoutError("read"), Accepted("S2"), trace=Absent())
    message = queue()
    ticks = iter([now, now + timedelta(seconds=39), now + timedelta(seconds=58)])
    send_one(workspace, message.pk, lambda: next(ticks))
    settle(timedelta(minutes=15, seconds=30))
    message.refresh_from_db()
    assert message.state == "unknown"
    settle(timedelta(minutes=15, seconds=58))
    message.refresh_from_db()
    assert message.state == "queued"
    assert provider.calls == 1


def test_one_message_that_cannot_be_settled_does_not_keep_the_others(
    queue, send, settle, script, workspace
) -> None:
    script(TimeoutError("read"), TimeoutError("read"), trace=Found("S9"))
    stuck, other = queue("stuck"), queue("other")
    send()
    gone = Connection.across_workspaces.create(
        workspace=workspace, capability="sms", provider="gone", is_active=False
    )
    Message.across_workspaces.filter(pk=stuck.pk).update(connection=gone)
    settle()
    other.refresh_from_db()
    stuck.refresh_from_db()
    assert (stuck.state, other.state) == ("unknown", "accepted")


def test_an_unreachable_provider_does_not_keep_the_others_waiting(
    queue, send, settle, script, now
) -> None:
    provider = script(TimeoutError("read"), TimeoutError("read"), trace=ConnectionError("down"))
    queue("first"), queue("second")
    send()
    assert reconcile(clock=lambda: now, limit=1) == 1
    provider.trace = Found("S9")
    assert reconcile(clock=lambda: now, limit=1) == 1
    states = Message.across_workspaces.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["unknown", "accepted"]
    assert reconcile(clock=lambda: now) == 0


def test_a_sandbox_mark_on_a_real_provider_frees_nothing(
    queue, send, script, monkeypatch, go_live, people
) -> None:
    provider = script(Accepted("S1"))
    monkeypatch.setitem(providers._OPENERS, "carrier", lambda connection: provider)
    go_live(provider="carrier", is_sandbox=True, is_registered=False)
    message = queue()
    send()
    message.refresh_from_db()
    assert (message.state, provider.calls) == ("blocked", 0)
    assert Decision.across_workspaces.get().is_sandbox is False


def test_late_news_of_an_older_claim(queue, workspace, system, settle, send, script, now) -> None:
    """A worker that comes back after its lease may only add that the provider took it."""
    script(Accepted("S2"), trace=Absent())
    message = queue()
    common = {"workspace": workspace, "actor": system, "message_pk": message.pk}
    claim_message(**common, now=now)
    settle(timedelta(minutes=20))
    message.refresh_from_db()
    assert message.state == "queued"
    record_retry(**common, attempt=1, after=None, reason="late", now=now)
    message.refresh_from_db()
    assert message.due_at == now + timedelta(minutes=20)
    record_accepted(**common, provider="sandbox", sid="S1", now=now)
    message.refresh_from_db()
    assert (message.state, message.provider_sid) == ("accepted", "S1")
    send(timedelta(hours=1))
    message.refresh_from_db()
    assert message.provider_sid == "S1"


def test_a_worker_short_of_its_lease_does_not_call(queue, workspace, script, now) -> None:
    provider = script(Accepted("S1"))
    message = queue()
    ticks = iter([now, now + timedelta(seconds=41), now + timedelta(seconds=42)])
    send_one(workspace, message.pk, lambda: next(ticks))
    message.refresh_from_db()
    assert provider.calls == 0
    assert message.state == "sending"


def test_one_bad_message_does_not_hold_up_the_others(queue, send, monkeypatch) -> None:
    from apps.channels import registry

    bad, good = queue("bad", to_address="+12035550199"), queue("good")
    known = registry._facts_readers[0]

    def read(workspace_id: int, contact: Any, address: str) -> Any:
        if address.endswith("99"):
            raise ValueError("broken row")
        return known(workspace_id, contact, address)

    registry.register_recipient_facts(read)
    send()
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, good.state) == ("parked", "accepted")
    assert "broken row" in bad.error_text


def test_two_workers_send_each_message_once(queue, workspace, now) -> None:
    """Two sweeps over the same due rows, the second in the middle of the first."""
    from apps.channels.sweeps.sending import send_due

    for number in range(6):
        queue(f"k{number}", contact_ref=SELLER.__class__(int=number + 1))
    ticks = {"inner": False}

    def clock() -> datetime:
        if not ticks["inner"] and SandboxDelivery.across_workspaces.count() == 2:
            ticks["inner"] = True
            send_due(clock=lambda: now)
        return now

    send_due(clock=clock)
    refs = list(SandboxDelivery.across_workspaces.values_list("client_ref", flat=True))
    assert len(refs) == len(set(refs)) == 6


def test_frequency_counts_what_may_have_gone(queue, send, go_live, script, now) -> None:
    go_live()
    script(Accepted("1"), TimeoutError("?"), Accepted("3"), Accepted("4"))
    messages = [queue(f"k{n}", body="Blue Gate Homes. Reply STOP.") for n in range(4)]
    _agree(messages[0], now)
    send()
    states = [Message.across_workspaces.get(pk=m.pk).state for m in messages]
    assert states == ["accepted", "unknown", "accepted", "queued"]


def test_everything_of_a_send_is_rolled_back_together(queue, workspace, system, now) -> None:
    message = queue()
    with transaction.atomic():
        claim_message(workspace=workspace, actor=system, message_pk=message.pk, now=now)
        transaction.set_rollback(True)
    message.refresh_from_db()
    assert message.state == "queued"
    assert Decision.across_workspaces.count() == 0
    assert facts(message) == ["queued"]
