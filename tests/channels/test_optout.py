"""What replies ask for. A missed opt-out breaks the law; a false one loses a seller."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.channels.rules.optout import classify
from apps.channels.types import Intent

LABELLED = Path("/work/shared/data/replies/seller_replies_labelled.csv")

REFUSALS = """
STOP|Stop.|stop please!!|STOP STOP STOP|Stop it|opt-out|OPT OUT|Opt me out|I opt out|no, stop
Not interested. Stop.|remove me|Please remove my number|take my number off your list|quit|END
lose my number|Don’t contact me|DO NOT CONTACT ME AGAIN|don't ever text me again|stop texting
quit calling me|leave me alone|no more texts|stop sending me these|Cancel|revoke|stopall|stop all
i want to be removed from this list|unsubscribe me please|cease and desist|I revoke my consent
stop messaging my husband|stop contacting us|do not call or text me|never contact me again
pls stop|Stop!!! I said stop|delete my number please|stop all texts|end these messages
Please dont text me anymore|don't call me after 5|Stop with the texts|take us off your list!
REMOVE|Please cease texting|Don't want any more messages|alto|no me llame mas|STOP - wrong number
No. Stop texting me, who is this?|wrong number, stop texting|I don't want your messages
Would you kindly stop texting us?|get me off of your list?|stop 👎|Unsubscribe|Opt Out please
"""
# The sender is a person with something to say: follow-up pauses, somebody reads it.
FOR_A_PERSON = """
Can you stop by Friday?|stop by Friday?|stop by tomorrow|I can't stop by|end of the month works
please cancel my listing and make an offer|the closing is month-end|when does it end
If you don't text me back I'll sell to someone else|why did you stop texting me?
don't text, call me|please don't email, just text me|remove me from the title first
please stop sending low offers and give me a real number|I never opted out
I won't stop until I get 300k|I'm going to cancel my listing next week|the dead end street
bus stop in front of the house|please don't stop by without calling first|you can stop by or call
You will hear from my attorney|You people are harassing me|my mother died in the spring
"""
PLAIN = "no|not interested|Nope|who is this|yes|YES|ok|can you text me the offer|what's your price?"


def split(block: str) -> list[str]:
    return [text for line in block.strip().splitlines() for text in line.split("|")]


@pytest.mark.parametrize("text", split(REFUSALS))
def test_refusals_stop(text: str) -> None:
    assert classify(text) == Intent.STOP


@pytest.mark.parametrize("text", split(FOR_A_PERSON))
def test_words_of_refusal_in_other_sentences_go_to_a_person(text: str) -> None:
    assert classify(text) == Intent.UNCLEAR


@pytest.mark.parametrize("text", split(PLAIN))
def test_plain_answers_ask_for_nothing(text: str) -> None:
    assert classify(text) == Intent.NONE


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("START", Intent.START),
        ("unstop", Intent.START),
        ("start the paperwork", Intent.NONE),
        ("HELP", Intent.HELP),
        ("help me sell", Intent.NONE),
        ("Wrong number", Intent.WRONG_NUMBER),
        ("no one here by that name", Intent.WRONG_NUMBER),
        ("", Intent.NONE),
    ],
)
def test_other_intents(text: str, intent: Intent) -> None:
    assert classify(text) == intent


@pytest.mark.skipif(not LABELLED.exists(), reason="the labelled replies are not on this machine")
def test_labelled_replies() -> None:
    with LABELLED.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 60
    wrong = [
        row["text"]
        for row in rows
        if (row["label"] == "opt_out") != (classify(row["text"]) == Intent.STOP)
    ]
    assert wrong == []


@given(
    st.sampled_from(["stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe"]),
    st.text(" \t\n.!\"'", max_size=4),
    st.text(" \t\n.!\"'?", max_size=4),
    st.sampled_from([str.lower, str.upper, str.title]),
)
def test_per_se_words_whatever_the_case_and_punctuation(
    word: str, before: str, after: str, case: object
) -> None:
    assert classify(before + case(word) + after) == Intent.STOP  # type: ignore[operator]


@given(st.text(max_size=300))
def test_any_text_gets_an_intent(text: str) -> None:
    assert classify(text) in Intent
