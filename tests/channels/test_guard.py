"""The guard: cases from the rule tables and properties over states, minutes and histories."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.channels import places
from apps.channels.rules.guard import judge
from apps.channels.rules.tables import STATE_RULES
from apps.channels.types import (
    Attempt,
    Channel,
    ConnectionFacts,
    ConsentBasis,
    ConsentFact,
    LineType,
    Policy,
    Purpose,
    RecipientFacts,
    SenderFacts,
    SentFact,
    SuppressionFact,
    SuppressionKind,
    Verdict,
)

EASTERN = ZoneInfo("America/New_York")
# Noon in New York on a Tuesday: legal in every eastern state.
NOON = datetime(2026, 3, 3, 17, tzinfo=UTC)
SENDER = SenderFacts("Nutmeg Home Buyers", "12 Elm St, New Haven, CT 06510")
WRITTEN = ConsentFact(
    ConsentBasis.WRITTEN, datetime(2026, 1, 1, tzinfo=UTC), frozenset(Channel), ""
)
CONNECTICUT = RecipientFacts(
    states=frozenset({"CT"}),
    time_zones=frozenset({"America/New_York"}),
    line_type=LineType.MOBILE,
    dnc_checked_on=date(2026, 3, 1),
)
LIVE = Attempt(
    channel=Channel.SMS,
    purpose=Purpose.SEQUENCE,
    now=NOON,
    address="+12035550123",
    body="Hi, this is Nutmeg Home Buyers. Reply STOP to opt out.",
    recipient=CONNECTICUT,
    consents=(WRITTEN,),
    connection=ConnectionFacts(is_registered=True),
    sender=SENDER,
)
SANDBOX = replace(LIVE, connection=ConnectionFacts(is_sandbox=True))
TOLL_FREE = "+18005550123"


def codes(attempt: Attempt) -> set[str]:
    return {reason.code for reason in judge(attempt).reasons}


def test_a_complete_message_at_noon_is_allowed() -> None:
    judgment = judge(LIVE)
    assert judgment.verdict == Verdict.ALLOW
    assert judgment.live.verdict == Verdict.ALLOW
    assert judgment.version


@pytest.mark.parametrize(
    ("state", "local", "verdict"),
    [
        # Connecticut 9-20, seconds on both sides of each edge.
        ("CT", (2026, 3, 3, 8, 59, 59), Verdict.DEFER),
        ("CT", (2026, 3, 3, 9, 0, 0), Verdict.ALLOW),
        ("CT", (2026, 3, 3, 19, 59, 59), Verdict.ALLOW),
        ("CT", (2026, 3, 3, 20, 0, 0), Verdict.DEFER),
        # The federal hours bind where a state has none of its own.
        ("NJ", (2026, 3, 3, 7, 59, 59), Verdict.DEFER),
        ("NJ", (2026, 3, 3, 8, 0, 0), Verdict.ALLOW),
        ("NJ", (2026, 3, 3, 20, 59, 59), Verdict.ALLOW),
        ("NJ", (2026, 3, 3, 21, 0, 0), Verdict.DEFER),
        ("FL", (2026, 3, 3, 20, 0, 0), Verdict.DEFER),
        ("AL", (2026, 3, 8, 13, 0, 0), Verdict.DEFER),
        ("RI", (2026, 3, 7, 17, 0, 0), Verdict.DEFER),
    ],
)
def test_hours(state: str, local: tuple[int, ...], verdict: Verdict) -> None:
    zone = ZoneInfo("America/Chicago") if state == "AL" else EASTERN
    facts = replace(CONNECTICUT, states=frozenset({state}), time_zones=frozenset({zone.key}))
    now = datetime(*local, tzinfo=zone).astimezone(UTC)  # type: ignore[arg-type, misc]
    attempt = replace(LIVE, now=now, recipient=facts, address=TOLL_FREE)
    assert judge(attempt).verdict == verdict


@pytest.mark.parametrize(
    ("zones", "night", "opens"),
    [
        (set(), (2026, 1, 7), (13, 0)),  # anywhere, winter: Honolulu opens at 13:00 Eastern
        (set(), (2026, 7, 8), (14, 0)),  # anywhere, summer: Honolulu keeps no daylight time
        ({"America/Anchorage"}, (2026, 7, 8), (12, 0)),
        ({"America/New_York", "America/Los_Angeles"}, (2026, 7, 8), (11, 0)),
        (set(), (2026, 1, 11), (14, 0)),  # a Sunday: El Paso opens at noon Mountain time
    ],
)
def test_unknown_places_wait_for_the_strictest_zone(
    zones: set[str], night: tuple[int, int, int], opens: tuple[int, int]
) -> None:
    facts = replace(CONNECTICUT, states=frozenset(), time_zones=frozenset(zones))
    now = datetime(*night, 5, tzinfo=EASTERN).astimezone(UTC)
    judgment = judge(replace(LIVE, now=now, recipient=facts, address=TOLL_FREE))
    assert judgment.until is not None
    assert judgment.until.astimezone(EASTERN).time() == time(*opens)


def test_texas_sunday_holds_in_central_and_in_mountain_time() -> None:
    facts = replace(CONNECTICUT, states=frozenset({"TX"}), time_zones=frozenset({"America/Denver"}))
    sunday = datetime(2026, 3, 15, 16, tzinfo=UTC)
    until = judge(replace(LIVE, now=sunday, recipient=facts, address=TOLL_FREE)).until
    assert until == datetime(2026, 3, 15, 18, tzinfo=UTC)  # noon in El Paso, 13:00 in Dallas


def test_area_code_narrows_hours_of_a_known_address() -> None:
    evening = datetime(2026, 3, 3, 14, 30, tzinfo=UTC)  # 9:30 in Connecticut, 6:30 in Los Angeles
    assert judge(replace(LIVE, now=evening)).verdict == Verdict.ALLOW
    assert judge(replace(LIVE, now=evening, address="+13105550123")).verdict == Verdict.DEFER


def test_email_has_no_quiet_hours() -> None:
    body = f"Nutmeg Home Buyers\n{SENDER.legal_address}\nunsubscribe: reply STOP"
    night = datetime(2026, 3, 3, 8, tzinfo=UTC)
    attempt = replace(
        LIVE, channel=Channel.EMAIL, address="a@example.com", subject="Hello", body=body, now=night
    )
    assert judge(attempt).verdict == Verdict.ALLOW
    assert codes(replace(attempt, body="Buy now")) == {"incomplete_email"}
    assert codes(replace(attempt, subject=" ")) == {"incomplete_email"}


def test_who_asked_to_be_answered_is_cold_again_after_three_months() -> None:
    asked = ConsentFact(ConsentBasis.INQUIRY, NOON - timedelta(days=90), frozenset(Channel), "")
    assert judge(replace(LIVE, consents=(asked,))).verdict == Verdict.ALLOW
    stale = replace(asked, at=asked.at - timedelta(seconds=1))
    assert codes(replace(LIVE, consents=(stale,))) == {"cold_sms"}


@pytest.mark.parametrize("attempt", [LIVE, SANDBOX])
def test_a_parked_number_is_refused_with_the_reason(attempt: Attempt) -> None:
    because = "another number of this person was verified"
    facts = replace(CONNECTICUT, parked_because=because)
    judgment = judge(replace(attempt, recipient=facts))
    assert judgment.verdict == Verdict.BLOCK
    [reason] = judgment.reasons
    assert reason.code == "parked"
    assert reason.sentence.startswith(f"Parked: {because}. To write to it, press “Use again”")
    # The one confirmation of an opt-out goes to where it came from.
    refusal = SuppressionFact(SuppressionKind.OPT_OUT, NOON, LIVE.address)
    confirmation = replace(
        attempt, recipient=facts, purpose=Purpose.OPT_OUT_CONFIRMATION, suppressions=(refusal,)
    )
    assert judge(confirmation).verdict == Verdict.ALLOW


def test_cap_counts_a_rolling_day_and_defers_to_the_minute_it_frees() -> None:
    sent = tuple(SentFact(NOON - timedelta(hours=h), Channel.SMS) for h in (1, 2, 20))
    judgment = judge(replace(LIVE, sent=sent))
    assert judgment.verdict == Verdict.DEFER
    # Free at 16:00 New York time on the same day, inside the hours.
    assert judgment.until == NOON + timedelta(hours=4)
    answered = replace(LIVE, sent=sent, last_inbound_at=NOON - timedelta(hours=1))
    assert judge(answered).verdict == Verdict.ALLOW


def test_statutory_cap_holds_even_after_a_reply() -> None:
    facts = replace(CONNECTICUT, states=frozenset({"FL"}))
    sent = tuple(SentFact(NOON - timedelta(hours=h), Channel.SMS) for h in (1, 2, 3))
    attempt = replace(LIVE, recipient=facts, sent=sent, last_inbound_at=NOON)
    assert judge(attempt).verdict == Verdict.DEFER


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"connection": ConnectionFacts()}, "a2p_unregistered"),
        ({"connection": ConnectionFacts(is_connected=False)}, "not_connected"),
        ({"consents": ()}, "cold_sms"),
        ({"channel": Channel.VOICEMAIL, "consents": ()}, "no_consent_rvm"),
        ({"body": "How are you?"}, "unsigned_first_text"),
        ({"address": ""}, "no_address"),
        ({"recipient": replace(CONNECTICUT, line_type=LineType.LANDLINE)}, "landline"),
    ],
)
def test_live_refusals(change: dict[str, object], code: str) -> None:
    attempt = replace(LIVE, **change)  # type: ignore[arg-type]
    assert judge(attempt).verdict == Verdict.BLOCK
    assert code in codes(attempt)


@pytest.mark.parametrize(
    ("flag", "code"),
    [
        ("is_litigator", "litigator"),
        ("is_deceased", "deceased"),
        ("is_wrong_number", "wrong_number"),
        ("is_dnc", "dnc"),
    ],
)
def test_flags_hold_in_the_sandbox_too(flag: str, code: str) -> None:
    attempt = replace(SANDBOX, consents=(), recipient=replace(CONNECTICUT, **{flag: True}))
    assert judge(attempt).verdict == Verdict.BLOCK
    assert code in codes(attempt)


def test_sandbox_sends_and_says_what_live_would_have_done() -> None:
    attempt = replace(SANDBOX, now=datetime(2026, 3, 3, 8, tzinfo=UTC), consents=())
    judgment = judge(attempt)
    assert judgment.verdict == Verdict.ALLOW
    assert judgment.live.verdict == Verdict.BLOCK
    assert {r.code for r in judgment.live.reasons} >= {"cold_sms", "a2p_unregistered"}
    registered = replace(
        LIVE,
        now=attempt.now,
        connection=ConnectionFacts(is_sandbox=True, is_registered=True),
    )
    assert judge(registered).verdict == Verdict.ALLOW
    assert judge(registered).live.until == datetime(2026, 3, 3, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("checked_on", "code"),
    [(None, "dnc_unchecked"), (date(2026, 1, 30), "dnc_stale"), (date(2026, 1, 31), None)],
)
def test_registry_check_is_at_most_31_days_old(checked_on: date | None, code: str | None) -> None:
    attempt = replace(
        LIVE,
        consents=(),
        policy=Policy(is_cold_sms_acknowledged=True),
        recipient=replace(CONNECTICUT, dnc_checked_on=checked_on),
    )
    assert codes(attempt) == ({code} if code else set())


def opt_out(at: datetime, address: str = "") -> SuppressionFact:
    return SuppressionFact(SuppressionKind.OPT_OUT, at, address)


def test_start_reopens_only_the_number_it_came_from() -> None:
    start = ConsentFact(
        ConsentBasis.START_WORD, NOON - timedelta(days=1), frozenset({Channel.SMS}), LIVE.address
    )
    refusals = (opt_out(NOON - timedelta(days=2)),)
    reopened = replace(LIVE, suppressions=refusals, consents=(WRITTEN, start))
    assert judge(reopened).verdict == Verdict.ALLOW
    assert judge(replace(reopened, address="+12035550199")).verdict == Verdict.BLOCK
    later = replace(reopened, suppressions=(opt_out(NOON - timedelta(hours=1)),))
    assert judge(later).verdict == Verdict.BLOCK
    manual = SuppressionFact(SuppressionKind.MANUAL, NOON - timedelta(days=2))
    assert judge(replace(reopened, suppressions=(manual,))).verdict == Verdict.BLOCK


def test_one_confirmation_within_five_minutes() -> None:
    attempt = replace(
        LIVE,
        purpose=Purpose.OPT_OUT_CONFIRMATION,
        body="You will get no more messages.",
        suppressions=(opt_out(NOON - timedelta(minutes=5)),),
    )
    assert judge(attempt).verdict == Verdict.ALLOW
    assert codes(replace(attempt, confirmations_since_opt_out=1)) == {"confirmation_repeated"}
    assert codes(replace(attempt, suppressions=())) == {"nothing_to_confirm"}
    late = replace(attempt, suppressions=(opt_out(NOON - timedelta(minutes=5, seconds=1)),))
    assert codes(late) == {"confirmation_late"}
    other = (SuppressionFact(SuppressionKind.COMPLAINT, NOON), *attempt.suppressions)
    assert "suppressed_complaint" in codes(replace(attempt, suppressions=other))


# Minutes around both clock changes of several years, and any minute at all.
_ANY_MINUTE = st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))
_CHANGE_DAYS = st.sampled_from(
    [(2026, 3, 8), (2026, 11, 1), (2027, 3, 14), (2027, 11, 7), (2028, 3, 12), (2028, 11, 5)]
)
_NEAR_CHANGE = st.builds(
    lambda day, seconds: datetime(*day, tzinfo=UTC) + timedelta(seconds=seconds),
    _CHANGE_DAYS,
    st.integers(0, 48 * 3600),
)
MOMENTS = st.one_of(_ANY_MINUTE, _NEAR_CHANGE)
STATES = st.frozensets(st.sampled_from(sorted(places.FIFTY_STATES)), max_size=3)
# What each area code may mean; a toll-free number says nothing.
AREA_CODES = {
    TOLL_FREE: frozenset(),
    "+12035550123": frozenset({"CT"}),
    "+18505550123": frozenset({"FL"}),
    "+19155550123": frozenset({"TX"}),
}
ADDRESSES = st.sampled_from(sorted(AREA_CODES))
POLICIES = st.builds(
    Policy,
    opens_at=st.builds(time, st.integers(0, 12), st.integers(0, 59)),
    closes_at=st.builds(time, st.integers(13, 23), st.integers(0, 59)),
    is_sunday_closed=st.booleans(),
    max_per_day=st.integers(0, 9),
)
SENT = st.lists(
    st.builds(
        lambda hours, channel: (timedelta(hours=hours), channel),
        st.floats(0, 30),
        st.sampled_from(list(Channel)),
    ),
    max_size=5,
)
FEW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def build(now: datetime, states: frozenset[str], address: str, policy: Policy) -> Attempt:
    facts = replace(CONNECTICUT, states=states, time_zones=frozenset())
    return replace(LIVE, now=now, recipient=facts, address=address, policy=policy)


def lawful_by_hand(at: datetime, states: frozenset[str]) -> bool:
    """The tables read directly, wall clock by wall clock, apart from the code under test."""
    for state in states:
        for name in places.zones_of_state(state):
            local = at.astimezone(ZoneInfo(name))
            rule = STATE_RULES.get(state)
            window = rule.week()[local.weekday()] if rule else None
            if not 8 <= local.hour < 21:
                return False
            if window and not window.start <= local.time() < window.end:
                return False
    return True


@FEW
@given(MOMENTS, STATES, ADDRESSES, POLICIES)
def test_nothing_leaves_outside_lawful_hours(
    now: datetime, states: frozenset[str], address: str, policy: Policy
) -> None:
    judgment = judge(build(now, states, address, policy))
    where = states | AREA_CODES[address] or places.FIFTY_STATES - STATE_RULES.keys()
    if judgment.verdict == Verdict.ALLOW:
        assert lawful_by_hand(now, where)
    if judgment.until is not None:
        assert judgment.until >= now
        assert lawful_by_hand(judgment.until, where)


@FEW
@given(MOMENTS, STATES, ADDRESSES, POLICIES, SENT)
def test_until_is_allowed_and_is_the_earliest_minute(
    now: datetime,
    states: frozenset[str],
    address: str,
    policy: Policy,
    sent: list[tuple[timedelta, Channel]],
) -> None:
    history = tuple(SentFact(now - ago, channel) for ago, channel in sent)
    attempt = replace(build(now, states, address, policy), sent=history)
    until = judge(attempt).until
    if until is None:
        return
    assert judge(replace(attempt, now=until)).verdict == Verdict.ALLOW
    minute = until - timedelta(minutes=1)
    probes = 0
    while minute > now and probes < 40:
        assert judge(replace(attempt, now=minute)).verdict != Verdict.ALLOW
        # Close by, every minute; further back, in strides that still cross every window edge.
        minute -= timedelta(minutes=1 if probes < 20 else 53)
        probes += 1


@FEW
@given(
    MOMENTS,
    STATES,
    st.sampled_from(list(Channel)),
    st.sampled_from(list(SuppressionKind)),
    st.booleans(),
    st.booleans(),
)
def test_a_suppressed_person_is_never_written_to(
    now: datetime,
    states: frozenset[str],
    channel: Channel,
    kind: SuppressionKind,
    is_person: bool,
    is_sandbox: bool,
) -> None:
    base = build(now, states, LIVE.address, Policy())
    refusal = SuppressionFact(kind, now - timedelta(seconds=1), "" if is_person else LIVE.address)
    attempt = replace(
        base,
        channel=channel,
        suppressions=(refusal,),
        connection=ConnectionFacts(is_sandbox=is_sandbox, is_registered=True),
    )
    assert judge(attempt).verdict == Verdict.BLOCK


@FEW
@given(MOMENTS, STATES, ADDRESSES, POLICIES, SENT)
def test_a_workspace_can_only_be_stricter(
    now: datetime,
    states: frozenset[str],
    address: str,
    policy: Policy,
    sent: list[tuple[timedelta, Channel]],
) -> None:
    history = tuple(SentFact(now - ago, channel) for ago, channel in sent)
    own = judge(replace(build(now, states, address, policy), sent=history))
    law = judge(replace(build(now, states, address, Policy()), sent=history))
    if own.verdict == Verdict.ALLOW:
        assert law.verdict == Verdict.ALLOW
    if own.until and law.until:
        assert own.until >= law.until
