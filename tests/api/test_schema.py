"""The description of the API: valid, complete, and shown only to those who may use it."""

import json

import pytest
import yaml
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

pytestmark = pytest.mark.django_db


def test_the_schema_is_valid_and_without_warnings(tmp_path) -> None:
    target = tmp_path / "schema.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(target))
    schema = yaml.safe_load(target.read_text())
    assert schema["components"]["securitySchemes"]["partnerKey"]["scheme"] == "bearer"
    assert len(schema["paths"]) == 10


def test_every_operation_names_its_scope_and_its_refusals() -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    validate_schema(schema)
    operations = [
        operation
        for methods in schema["paths"].values()
        for method, operation in methods.items()
        if method in {"get", "post"}
    ]
    assert len(operations) == 11
    for operation in operations:
        assert "Scope: `" in operation["description"]
        assert {"400", "401", "403", "429"} <= set(operation["responses"])
        assert operation["security"] == [{"partnerKey": []}]


def test_partners_and_members_read_the_schema_and_nobody_else(
    workspace, partner, signed_in, client
) -> None:
    answer = partner(workspace, "events:read").get("schema/")
    assert answer.status_code == 200
    assert yaml.safe_load(answer.content)["info"]["title"] == "Dealwright partner API"
    assert signed_in(workspace).get("/api/v1/schema/").status_code == 200
    as_json = client.get("/api/v1/schema/", {"format": "json"})
    assert as_json.status_code == 401
    assert json.loads(as_json.content)["type"] == "not_authenticated"


def test_the_page_for_people_names_every_path(workspace, signed_in, client) -> None:
    page = signed_in(workspace, "read_only").get("/api/v1/docs/").content.decode()
    for path in SchemaGenerator().get_schema(request=None, public=True)["paths"]:
        assert path in page
    assert "Idempotency-Key" in page
    assert client.get("/api/v1/docs/").status_code == 302
