"""The same rows through django-import-export, as one would write it with relations.

One resource for deals; property, owner and phones of a row are found or made before it. Record
history comes by itself from the models, the fact is published after the row.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from apps.common.addresses import address_key
from apps.common.phones import to_e164
from apps.contacts.models import Contact, Phone
from apps.deals.models import Deal, DealParty, Property, Stage
from apps.events.actions import Actor, action
from apps.events.catalog.deals import DealOpened
from apps.events.publish import publish

ACTOR = Actor.system("bench")


def load(workspace: Any, content: bytes, now: datetime, rows: int) -> None:
    """A file of `rows` rows into one workspace."""
    import tablib

    dataset = tablib.Dataset().load(content.decode(), format="csv")
    # Filled row by row with the keys of what the row names.
    for column in ("property", "seller"):
        dataset.append_col([""] * len(dataset), header=column)
    result = _resource(workspace, now).import_data(
        dataset, raise_errors=True, use_transactions=True
    )
    if result.has_errors() or result.totals["new"] != rows:
        raise SystemExit(f"django-import-export ended with {dict(result.totals)}")


def _resource(workspace: Any, now: datetime) -> Any:
    from import_export import fields, resources
    from import_export.widgets import ForeignKeyWidget

    class Key(ForeignKeyWidget):
        """By primary key, which `before_import_row` put there for this workspace."""

        def get_queryset(self, value: Any, row: Any, *args: Any, **kwargs: Any) -> Any:
            return self.model.objects.in_workspace(workspace)

    stage = Stage.objects.in_workspace(workspace).get(kind=Stage.Kind.NEW)

    class DealResource(resources.ModelResource):
        property = fields.Field("property", "property", widget=Key(Property, "id"))
        seller = fields.Field("seller", "seller", widget=Key(Contact, "id"))

        class Meta:
            model = Deal
            import_id_fields = ("property",)
            fields = ("property", "seller")

        def get_queryset(self) -> Any:
            return Deal.objects.in_workspace(workspace)

        def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
            row["property"] = _property(workspace, row).pk
            row["seller"] = _seller(workspace, row).pk

        def before_save_instance(self, instance: Deal, row: dict[str, Any], **kwargs: Any) -> None:
            instance.workspace, instance.stage, instance.stage_entered_at = workspace, stage, now
            instance.search_text = f"{row['Address']} {row['Owner 1 Last Name']}".lower()

        def after_save_instance(self, instance: Deal, row: dict[str, Any], **kwargs: Any) -> None:
            DealParty.objects.in_workspace(workspace).get_or_create(
                workspace=workspace, deal=instance, contact=instance.seller
            )
            _opened(workspace=workspace, actor=ACTOR, deal=instance, now=now)

    return DealResource()


@action
def _opened(*, workspace: Any, actor: Actor, deal: Deal, now: datetime) -> None:
    publish(
        DealOpened(
            subject=deal.public_id,
            stage="new",
            status="open",
            address=deal.property.address,
            source="bench",
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )


def _property(workspace: Any, row: dict[str, Any]) -> Property:
    key = address_key(row["Address"], "", row["City"], row["State"], row["Zip"])
    found, _ = Property.objects.in_workspace(workspace).update_or_create(
        workspace=workspace,
        county_key=row["County"].upper(),
        apn_key=row["APN"].upper(),
        defaults={
            "line": row["Address"],
            "city": row["City"],
            "state": row["State"],
            "zip": row["Zip"],
            "county": row["County"],
            "apn": row["APN"],
            "address_key": key,
            "property_type": row["Property Type"],
            "bedrooms": Decimal(row["Bedrooms"]),
            "bathrooms": Decimal(row["Total Bathrooms"]),
            "building_sqft": int(row["Building Sqft"]),
            "lot_sqft": int(row["Lot Size Sqft"]),
            "effective_year_built": int(row["Effective Year Built"]),
            "assessed_amount": Decimal(row["Total Assessed Value"]),
            "last_sale_on": row["Last Sale Recording Date"],
            "last_sale_amount": Decimal(row["Last Sale Amount"]),
            "est_value_amount": Decimal(row["Est. Value"]),
            "loan_balance_amount": Decimal(row["Est. Remaining balance of Open Loans"]),
            "open_loans": int(row["Total Open Loans"]),
            "mls_status": row["MLS Status"],
            "source": "bench",
        },
    )
    return found


def _seller(workspace: Any, row: dict[str, Any]) -> Contact:
    name = f"{row['Owner 1 First Name']} {row['Owner 1 Last Name']}".strip()
    contact, _ = Contact.objects.in_workspace(workspace).get_or_create(
        workspace=workspace,
        match_key=f"{name}|{row['Mailing Address']}|{row['Mailing Zip']}".upper(),
        defaults={
            "name": name,
            "first_name": row["Owner 1 First Name"],
            "last_name": row["Owner 1 Last Name"],
            "mailing_line": row["Mailing Address"],
            "mailing_city": row["Mailing City"],
            "mailing_state": row["Mailing State"],
            "mailing_zip": row["Mailing Zip"],
            "source": "bench",
        },
    )
    for rank in (1, 2):
        e164 = to_e164(row[f"Phone {rank}"])
        if e164:
            Phone.objects.in_workspace(workspace).get_or_create(
                workspace=workspace, contact=contact, e164=e164, defaults={"rank": rank}
            )
    return contact
