"""Merges from both sides and sends at the same time: no wait for each other, no text in the gap."""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import partial

import pytest
from django.db import connection

from apps.channels.actions import claim_message
from apps.contacts.actions.merging import CannotMerge, merge_contacts
from apps.contacts.models import Contact, Merge

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = "+12035550150"


def at_once(*jobs):
    """Run all in threads that start together; returns what they raised."""
    gate, errors = threading.Barrier(len(jobs)), []

    def run(job):
        try:
            gate.wait()
            job()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_each_into_the_other_at_once_is_one_merge(world, workspace, system, now):
    def merge(survivor, other):
        with suppress(CannotMerge):
            merge_contacts(
                workspace=workspace, actor=system, survivor=survivor, other=other, choices={},
                now=now,
            )  # fmt: skip

    for number in range(5):
        one, two = world.person(f"Ann {number}", [PHONE]), world.person(f"Anne {number}")
        errors = at_once(partial(merge, one, two), partial(merge, two, one))
        assert errors == []
    assert Merge.objects.in_workspace(workspace).count() == 5
    assert Contact.objects.in_workspace(workspace).filter(merged_into__isnull=True).count() == 5


def test_no_text_to_somebody_whose_twin_refused(world, workspace, system, now):
    """Whichever comes first: the merge, or a send to the one who never refused."""

    def claim(message):
        return claim_message(workspace=workspace, actor=system, message_pk=message.pk, now=now)

    for number in range(6):
        one, two = world.person(f"Ann {number}", [PHONE]), world.person(f"Anne {number}")
        world.refusal(one)
        messages = [world.message(two, f"+1203555{number}1{digit}0") for digit in range(3)]
        merge = partial(
            merge_contacts, workspace=workspace, actor=system, survivor=one, other=two,
            choices={}, now=now,
        )  # fmt: skip
        assert at_once(merge, *(partial(claim, message) for message in messages)) == []
        for message in messages:
            message.refresh_from_db()
            # Still in line after the merge: refused, whatever id it was written under.
            if message.state == "queued":
                assert claim(message) is None
                message.refresh_from_db()
            assert message.state in {"blocked", "sending"}
