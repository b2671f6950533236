"""Security headers: strict on our pages, wider for the admin theme only."""

import pytest

pytestmark = pytest.mark.django_db


def policy(response) -> dict[str, str]:
    parts = response["Content-Security-Policy"].split(";")
    return {part.split()[0]: " ".join(part.split()[1:]) for part in parts if part.strip()}


def test_our_pages_allow_no_inline_script_or_style(client):
    response = client.get("/account/login/")
    assert response.status_code == 200
    rules = policy(response)
    assert rules["script-src"] == "'self'"
    assert rules["style-src"] == "'self'"
    assert rules["frame-ancestors"] == "'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


def test_the_admin_gets_what_its_theme_needs_and_nothing_more(client):
    rules = policy(client.get("/admin/login/"))
    assert rules["script-src"] == "'self' 'unsafe-eval'"
    assert rules["style-src"] == "'self' 'unsafe-inline'"
    assert rules["default-src"] == "'self'"


def test_registration_is_closed(client):
    response = client.post(
        "/account/signup/", {"email": "new@example.com", "password1": "a long password 1"}
    )
    from apps.workspaces.models import User

    assert not User.objects.exists()
    assert response.status_code == 200
