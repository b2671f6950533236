"""Creating the demo workspace by the same actions a customer would use."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from apps.common.clock import now
from apps.deals.ingestion.actions import start_import
from apps.deals.ingestion.marks import find_or_create_list
from apps.deals.ingestion.reader import inspect
from apps.deals.ingestion.worker import run_import
from apps.deals.models import LeadImport, SaleImport
from apps.deals.sales.actions import start_sale_import
from apps.deals.sales.file import inspect_sales
from apps.deals.sales.worker import run_sale_import
from apps.events.actions import Actor
from apps.events.dispatch import deliver_ready
from apps.workspaces.actions import add_member, create_workspace, issue_api_key
from apps.workspaces.models import User, Workspace
from apps.workspaces.queries import get_workspace
from apps.workspaces.types import SCOPES, Role
from config.demo import accounts

SLUG = "demo"
LISTS = {
    "leads/new_haven_county.csv": "New Haven County, all owners",
    "leads/tax_delinquent.csv": "Tax delinquent, New Haven County",
}
SALES = "sales/new_haven_county_sales.csv"
ACTOR = Actor.system("demo")


def create_demo(*, say: Callable[[str], None]) -> None:
    """Create the demo once; a start that was cut short is taken up where it stopped."""
    known = accounts.load()
    if known.get("is_complete"):
        return
    say("Creating the demo workspace …")
    workspace = _workspace()
    _deliver_all()
    _accounts(workspace)
    for file, name in LISTS.items():
        say(f"Importing the shipped list: {name} …")
        counts = _import(workspace, file, name, say).counts
        say("  " + ", ".join(f"{count} {word}" for word, count in counts.items()))
    say("Importing the county's recorded sales …")
    say(f"  {_import_sales(workspace).rows_done:,} sales")
    say("Judging every deal by the shipped rules …")
    _deliver_all()
    accounts.store({**accounts.load(), "is_complete": True})


def _import(workspace: Workspace, file: str, name: str, say: Callable[[str], None]) -> LeadImport:
    """Put a file through the importer; an import begun by an earlier start is carried on."""
    path = settings.BASE_DIR / "fixtures" / file
    imports = LeadImport.objects.in_workspace(workspace).filter(file_name=path.name)
    begun = imports.order_by("id").first()
    if begun is None:
        with path.open("rb") as source:
            begun = start_import(
                workspace=workspace,
                actor=ACTOR,
                file_name=path.name,
                list_file=inspect(source),
                lead_list=find_or_create_list(workspace.pk, name),
                now=now(),
            )

    def progress(held: LeadImport) -> None:
        say(f"  {held.rows_done:,} of {held.rows_total:,} rows")

    return run_import(begun, clock=now, actor=ACTOR, progress=progress)


def _import_sales(workspace: Workspace) -> SaleImport:
    """The sales that give the deals their comps; begun by an earlier start, carried on."""
    begun = SaleImport.objects.in_workspace(workspace).order_by("id").first()
    if begun is None:
        path = settings.BASE_DIR / "fixtures" / SALES
        with path.open("rb") as source:
            begun = start_sale_import(
                workspace=workspace,
                actor=ACTOR,
                file_name=path.name,
                sale_file=inspect_sales(source),
                now=now(),
            )
    return run_sale_import(begun, clock=now, actor=ACTOR)


def _workspace() -> Workspace:
    try:
        return get_workspace(SLUG)
    except Workspace.DoesNotExist:
        return create_workspace(
            actor=ACTOR,
            slug=SLUG,
            name="Elm City Home Buyers",
            sender_name="Dana Whitfield",
            sender_phone="+12035550100",
            sender_email="dana@example.com",
            legal_address="1 Example Plaza, New Haven, CT 06510",
            now=now(),
        )


def _accounts(workspace: Workspace) -> None:
    known = accounts.load()
    for email, name, role, is_staff, slot in (
        (accounts.WHOLESALER, "Dana Whitfield", Role.ACQUISITIONS, False, "wholesaler_password"),
        (accounts.ADMIN, "Alex Moreno", Role.OWNER, True, "admin_password"),
    ):
        user, _ = User.objects.get_or_create(
            email=email, defaults={"name": name, "is_staff": is_staff}
        )
        known[slot] = known.get(slot) or accounts.new_password()
        user.set_password(known[slot])
        user.save()
        add_member(workspace=workspace, actor=ACTOR, user=user, role=role, now=now())
        accounts.store(known)
    if "partner_key" not in known:
        _, token = issue_api_key(
            workspace=workspace, actor=ACTOR, label="Demo partner", scopes=SCOPES, now=now()
        )
        known["partner_key"] = token
        accounts.store(known)


def _deliver_all() -> None:
    while deliver_ready(clock=now):
        pass
