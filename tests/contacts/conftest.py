"""Contacts to check, and a skip-trace vendor that counts what it was asked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from apps.contacts import providers
from apps.contacts.models import Contact, EmailAddress, Phone
from apps.contacts.providers.base import TraceUnavailable
from apps.contacts.types import TracedPhone, TraceQuery, TraceResult
from apps.events.actions import assert_no_action
from apps.workspaces.actions import save_connection
from apps.workspaces.models import Connection
from apps.workspaces.vault import seal
from tests.contacts.wire import Vendor, serving


@pytest.fixture
def make_contact(db) -> Callable[..., Contact]:
    """make_contact(workspace, name=…, phones=[…], emails=[…], **fields)."""

    def make(workspace, name="Ann Example", phones=(), emails=(), **fields) -> Contact:
        contact = Contact.objects.create(
            workspace=workspace,
            name=name,
            match_key=f"{name}|{Contact.across_workspaces.count()}",
            mailing_line="12 Elm St",
            mailing_city="New Haven",
            mailing_state="CT",
            mailing_zip="06511",
            **fields,
        )
        for rank, number in enumerate(phones, start=1):
            Phone.objects.create(workspace=workspace, contact=contact, e164=number, rank=rank)
        for rank, address in enumerate(emails, start=1):
            EmailAddress.objects.create(
                workspace=workspace, contact=contact, address=address, rank=rank
            )
        return contact

    return make


ANSWER = TraceResult(
    phones=(
        TracedPhone("(203) 555-0111", "mobile", is_dnc=False),
        TracedPhone("203.555.0111", "mobile", is_dnc=False),
        TracedPhone("DNC Excluded", "mobile", is_dnc=True),
        TracedPhone("2035550112", "landline", is_dnc=True),
    ),
    emails=("Ann@Example.com", "not an address"),
    is_litigator=False,
    is_deceased=False,
    cost_amount=Decimal("0.12"),
)


@dataclass
class CountingVendor:
    """Answers what it is told to; `asked` is the ground truth of what was paid for."""

    name: str = "sandbox"
    asked: list[TraceQuery] = field(default_factory=list)
    failures: int = 0
    result: TraceResult = ANSWER

    def trace(self, query: TraceQuery) -> TraceResult:
        assert_no_action()
        self.asked.append(query)
        if self.failures:
            self.failures -= 1
            raise TraceUnavailable("the vendor is down")
        return self.result


@pytest.fixture
def vendor(monkeypatch) -> CountingVendor:
    counting = CountingVendor()
    monkeypatch.setitem(providers._PROVIDERS, "sandbox", counting)
    return counting


@pytest.fixture
def run_checks(monkeypatch) -> Callable[..., None]:
    """run_checks(at=now): one run of the periodic task at that time."""
    from apps.contacts import tasks

    def run(at) -> None:
        monkeypatch.setattr(tasks, "now", lambda: at)
        tasks.check_due()

    return run


@pytest.fixture
def web(settings) -> Iterator[Vendor]:
    """A vendor on this machine that may be called."""
    with serving(Vendor()) as vendor:
        settings.OUTBOUND_HOSTS = [vendor.host]
        yield vendor


@pytest.fixture
def connect(system, now) -> Callable[..., Connection]:
    """connect(workspace, "batchdata_v1", url, position=1, **settings) -> an active connection."""

    def make(workspace, provider, url, position=1, secrets=None, kind="skip_trace", **options):
        secrets = {"key": "a key"} if secrets is None else secrets
        return save_connection(
            workspace=workspace,
            actor=system,
            connection=Connection(
                capability=kind,
                provider=provider,
                position=position,
                is_sandbox=False,
                settings={"base_url": url, **options},
                credentials=seal(secrets),
            ),
            now=now,
        )

    return make
