"""Duplicates are found after every change, each pair once, and not again once dismissed."""

import pytest

from apps.contacts.actions.due import list_due_comparisons
from apps.contacts.actions.suggesting import compare_again, dismiss_suggestion
from apps.contacts.models import Contact, MergeSuggestion, Phone
from apps.contacts.queries.merges import count_suggestions, list_suggestions
from apps.contacts.tasks import suggest_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(workspace):
    def make(first, last, phones=(), key="12 ELM ST 06511", ws=workspace, **fields):
        contact = Contact.objects.create(
            workspace=ws,
            name=f"{first} {last}",
            first_name=first,
            last_name=last,
            match_key=f"{first} {last} @ {Contact.across_workspaces.count()}",
            **{
                "mailing_line": "12 Elm St", "mailing_city": "New Haven", "mailing_state": "CT",
                "mailing_zip": "06511", "mailing_key": key, **fields,
            },
        )  # fmt: skip
        for number in phones:
            Phone.objects.create(workspace=ws, contact=contact, e164=number)
        return contact

    return make


def pairs(workspace):
    rows = MergeSuggestion.objects.in_workspace(workspace).filter(state="open")
    return {(row.first.name, row.second.name) for row in rows}


def touch(*contacts):
    Contact.across_workspaces.filter(pk__in=[one.pk for one in contacts]).update(compared_at=None)


def test_each_key_finds_its_pair(workspace, person):
    person("Bob", "Sample", key="a")
    person("Robert", "Sample", key="a")
    person("Ann", "Test", ["+12035550101"], key="b")
    person("Anne", "Test", ["+12035550101"], key="c", mailing_line="900 Shore Dr")
    person("Carl", "Mayer", key="d")
    person("Carl", "Mayer", key="e", mailing_zip="06515")
    person("Eve", "Sample", key="a")
    suggest_due()
    assert pairs(workspace) == {
        ("Bob Sample", "Robert Sample"),
        ("Ann Test", "Anne Test"),
        ("Carl Mayer", "Carl Mayer"),
    }
    assert list_due_comparisons() == []


def test_looking_again_finds_nothing_new(workspace, person):
    both = person("Bob", "Sample"), person("Robert", "Sample")
    suggest_due()
    touch(*both)
    suggest_due()
    assert MergeSuggestion.objects.in_workspace(workspace).count() == 1


def test_a_dismissed_pair_comes_back_with_new_evidence_only(workspace, person, system, now):
    bob, robert = person("Bob", "Sample"), person("Robert", "Sample")
    suggest_due()
    (row,) = list_suggestions(workspace).rows
    assert row.words == "Almost certainly the same"
    dismiss_suggestion(workspace=workspace, actor=system, suggestion_id=row.public_id, now=now)
    touch(bob, robert)
    suggest_due()
    assert count_suggestions(workspace) == 0
    for contact in (bob, robert):
        Phone.objects.create(workspace=workspace, contact=contact, e164="+12035550107")
    compare_again(workspace=workspace, actor=system, contact_id=bob.public_id, now=now)
    suggest_due()
    (row,) = list_suggestions(workspace).rows
    assert "Same phone, (203) 555-0107" in row.supports


def test_workspaces_are_never_compared_with_each_other(workspace, other_workspace, person):
    person("Bob", "Sample", ["+12035550101"])
    person("Robert", "Sample", ["+12035550101"], ws=other_workspace)
    suggest_due()
    assert not pairs(workspace)
    assert not pairs(other_workspace)


def test_a_switchboard_number_makes_nobody_one(workspace, person):
    for number in range(70):
        person(f"Owner{number}", "Test", ["+12035550100"], key=f"k{number}", mailing_line="")
    suggest_due()
    assert not pairs(workspace)


def test_a_merged_contact_is_suggested_no_more(workspace, person, system, now, deliver):
    from apps.contacts.actions.merging import merge_contacts
    from apps.contacts.actions.unmerging import unmerge_contacts

    bob, robert = person("Bob", "Sample"), person("Robert", "Sample")
    suggest_due()
    merge = merge_contacts(
        workspace=workspace, actor=system, survivor=bob, other=robert, choices={}, now=now
    )
    deliver()
    suggest_due()
    assert count_suggestions(workspace) == 0
    unmerge_contacts(workspace=workspace, actor=system, merge=merge, now=now)
    deliver()
    touch(bob, robert)
    suggest_due()
    assert count_suggestions(workspace) == 0, "somebody took the two apart"
