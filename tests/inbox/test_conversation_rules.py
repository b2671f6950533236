"""What a message does to a conversation, and the speed-to-lead clock."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.inbox import rules
from apps.inbox.types import ConversationState, Standing

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_the_first_message_opens_and_starts_the_clock():
    assert rules.after_seller_wrote(None, AT) == Standing(ConversationState.OPEN, 1, AT, AT)


def test_further_messages_leave_the_clock_at_the_first():
    first = rules.after_seller_wrote(None, AT)
    second = rules.after_seller_wrote(first, AT + MINUTE)
    assert (second.unread_count, second.first_unanswered_at) == (2, AT)
    assert second.last_message_at == AT + MINUTE


def test_news_that_arrives_in_the_wrong_order_gives_the_same_standing():
    one = rules.after_seller_wrote(rules.after_seller_wrote(None, AT), AT + MINUTE)
    other = rules.after_seller_wrote(rules.after_seller_wrote(None, AT + MINUTE), AT)
    assert one == other


def test_an_opt_out_wants_no_answer_and_an_older_question_still_does():
    assert rules.after_seller_wrote(None, AT, wants_answer=False).first_unanswered_at is None
    asked = rules.after_seller_wrote(None, AT)
    assert rules.after_seller_wrote(asked, AT + MINUTE, False).first_unanswered_at == AT


def test_a_closed_conversation_opens_again():
    closed = Standing(ConversationState.CLOSED, 0, AT, None)
    after = rules.after_seller_wrote(closed, AT + MINUTE)
    assert (after.state, after.first_unanswered_at) == (ConversationState.OPEN, AT + MINUTE)


def test_an_answer_stops_the_clock_and_one_sent_before_the_question_does_not():
    asked = rules.after_seller_wrote(None, AT)
    assert rules.after_we_answered(asked, AT + MINUTE).first_unanswered_at is None
    assert rules.after_we_answered(asked, AT - MINUTE).first_unanswered_at == AT


@pytest.mark.parametrize(
    ("seconds", "color", "text"),
    [
        (-5, "green", "0 s"),
        (60, "green", "1 min"),
        (61, "yellow", "1 min"),
        (300, "yellow", "5 min"),
        (301, "red", "5 min"),
        (3_600, "red", "1 h"),
        (86_399, "red", "23 h"),
        (200_000, "red", "2 d"),
    ],
)
def test_the_clock_in_words_and_color(seconds, color, text):
    waited = timedelta(seconds=seconds)
    assert (rules.clock_color(waited), rules.waited_text(waited)) == (color, text)
