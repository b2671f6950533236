import pytest

from apps.contacts.actions.merging import merge_contacts
from apps.contacts.actions.unmerging import unmerge_contacts
from tests.contacts.merging.world import World


@pytest.fixture
def world(workspace, system, now, deliver):
    deliver()
    return World(workspace, system, now)


@pytest.fixture
def merge(workspace, system, now):
    def run(survivor, other, at=now, **choices):
        return merge_contacts(
            workspace=workspace,
            actor=system,
            survivor=survivor,
            other=other,
            choices=choices,
            now=at,
        )

    return run


@pytest.fixture
def unmerge(workspace, system, now):
    def run(merge, at=now):
        return unmerge_contacts(workspace=workspace, actor=system, merge=merge, now=at)

    return run
