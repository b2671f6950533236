"""Sequences as an admin edits them: checked as a whole, saved as one version with one fact."""

import pytest
from django.urls import reverse

from apps.channels.models import MessageTemplate
from apps.events.queries import list_facts
from apps.sequences.models import Sequence, Step

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(make_user, workspace):
    from django.test import Client

    client = Client()
    client.force_login(make_user(workspace, "admin", is_staff=True))
    return client


def form_of(sequence, **changes):
    """The change form as the browser would send it back; `changes` by step position and field."""
    steps = list(sequence.steps.order_by("position"))
    data = {
        "name": sequence.name,
        "key": sequence.key,
        "trigger": sequence.trigger,
        "is_active": "on",
        "steps-TOTAL_FORMS": len(steps),
        "steps-INITIAL_FORMS": len(steps),
        "steps-MIN_NUM_FORMS": 0,
        "steps-MAX_NUM_FORMS": 1000,
    }
    for index, step in enumerate(steps):
        row = {
            "id": step.pk,
            "sequence": sequence.pk,
            "position": step.position,
            "channel": step.channel,
            "offset_minutes": step.offset_minutes,
            "template": step.template_id,
            "archives_after": "on" if step.archives_after else "",
        } | changes.get(f"step{step.position}", {})
        data |= {f"steps-{index}-{name}": value for name, value in row.items()}
    return data


def save(admin, sequence, **changes):
    url = reverse("admin:sequences_sequence_change", args=[sequence.pk])
    return admin.post(url, form_of(sequence, **changes))


def test_a_change_is_one_new_version_with_one_fact(admin, workspace, sequence):
    assert save(admin, sequence, step2={"offset_minutes": 1500}).status_code == 302
    sequence.refresh_from_db()
    assert sequence.version == 2
    fact = list_facts(workspace.pk, subject=sequence.public_id, limit=1)[0]
    assert (fact.name, fact.actor_kind) == ("sequences.sequence_saved.v1", "user")
    assert fact.payload["version"] == 2
    assert [step["offset_minutes"] for step in fact.payload["steps"]] == [
        0,
        1500,
        2880,
        4320,
        10080,
    ]
    record = Step.history.filter(id=sequence.steps.get(position=2).pk).latest("history_date")
    assert record.history_user.email.startswith("admin@")
    assert record.history_change_reason == "sequences.actions.saving.save_sequence"


def test_saving_without_a_change_keeps_the_version(admin, workspace, sequence):
    assert save(admin, sequence).status_code == 302
    sequence.refresh_from_db()
    assert sequence.version == 1
    assert len(list_facts(workspace.pk, subject=sequence.public_id)) == 1


def test_steps_can_change_places(admin, sequence):
    swapped = {
        "step3": {"position": 4, "offset_minutes": 4320},
        "step4": {"position": 3, "offset_minutes": 2880},
    }
    assert save(admin, sequence, **swapped).status_code == 302
    channels = list(sequence.steps.order_by("position").values_list("channel", flat=True))
    assert channels == ["sms", "email", "voicemail", "sms", "sms"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"step2": {"offset_minutes": 9999}}, "Step 3 is due before step 2."),
        ({"step2": {"archives_after": "on"}}, "Step 2 ends the sequence but is not the last."),
        ({"step2": {"channel": "sms"}}, "is written for another channel"),
    ],
)
def test_steps_that_cannot_run_are_refused(admin, sequence, changes, sentence):
    page = save(admin, sequence, **changes)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    sequence.refresh_from_db()
    assert sequence.version == 1


def test_a_first_text_without_opt_out_words_is_refused(admin, workspace, sequence):
    bare = MessageTemplate.objects.create(
        workspace=workspace, key="bare", name="Bare", channel="sms", body="{{ sender_name }} here"
    )
    page = save(admin, sequence, step1={"template": bare.pk})
    assert "The first text must hold the opt-out words." in page.content.decode()


def test_a_sequence_is_added_with_its_steps(admin, workspace, sequence):
    template = sequence.steps.get(position=1).template
    answer = admin.post(
        reverse("admin:sequences_sequence_add"),
        {
            "name": "Short",
            "key": "short",
            "trigger": "by_hand",
            "is_active": "on",
            "steps-TOTAL_FORMS": 1,
            "steps-INITIAL_FORMS": 0,
            "steps-MIN_NUM_FORMS": 0,
            "steps-MAX_NUM_FORMS": 1000,
            "steps-0-position": 1,
            "steps-0-channel": "sms",
            "steps-0-offset_minutes": 0,
            "steps-0-template": template.pk,
        },
    )
    assert answer.status_code == 302
    added = Sequence.across_workspaces.get(key="short")
    assert (added.workspace, added.version, added.steps.count()) == (workspace, 1, 1)


def test_another_workspaces_sequence_and_templates_are_out_of_reach(
    admin, other_workspace, system, now, sequence
):
    from apps.sequences.actions import load_sequences

    foreign = load_sequences(workspace=other_workspace, actor=system, now=now)[0]
    url = reverse("admin:sequences_sequence_change", args=[foreign.pk])
    assert admin.get(url).status_code == 302
    stolen = foreign.steps.get(position=1).template_id
    page = save(admin, sequence, step1={"template": stolen})
    assert page.status_code == 200
    assert sequence.steps.get(position=1).template_id != stolen


def test_enrollments_are_looked_at_only(admin, deal, enroll):
    row = enroll(deal)
    url = reverse("admin:sequences_enrollment_change", args=[row.pk])
    assert admin.get(url).status_code == 200
    assert admin.post(url, {"state": "finished"}).status_code == 403


def test_loading_again_leaves_what_an_admin_changed(admin, workspace, system, now, sequence):
    from apps.sequences.actions import load_sequences

    save(admin, sequence, step2={"offset_minutes": 1500})
    load_sequences(workspace=workspace, actor=system, now=now)
    assert sequence.steps.get(position=2).offset_minutes == 1500


def test_a_step_cannot_take_the_text_of_another_workspace(
    make_user, workspace, other_workspace, sequence, system, now
):
    """Not even for somebody who administers both."""
    from django.test import Client

    from apps.sequences.actions.saving import SequenceInvalid, save_sequence
    from apps.workspaces.actions import add_member

    user = make_user(workspace, "admin", is_staff=True)
    add_member(workspace=other_workspace, actor=system, user=user, role="owner", now=now)
    client = Client()
    client.force_login(user)
    step = sequence.steps.get(position=1)
    foreign = MessageTemplate.across_workspaces.get(
        workspace=other_workspace, key=step.template.key
    )
    answer = save(client, sequence, step1={"template": foreign.pk})
    assert answer.status_code == 200
    assert b"Select a valid choice" in answer.content
    step.refresh_from_db()
    step.template = foreign
    with pytest.raises(SequenceInvalid):
        save_sequence(workspace=workspace, actor=system, sequence=sequence, steps=[step], now=now)
    step.refresh_from_db()
    assert step.template.workspace == workspace
