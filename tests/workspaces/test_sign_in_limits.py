"""Signing in: one throttled way in, for the admin too."""

import pytest
from django.core.cache import cache
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_admin_is_entered_by_the_throttled_sign_in(workspace, make_user):
    cache.clear()
    user = make_user(workspace, "owner", is_staff=True)
    client = Client()
    wrong = {"username": user.email, "password": "a long password 1"}
    answer = client.post("/admin/login/?next=/admin/", wrong)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")
    assert "_auth_user_id" not in client.session


def test_a_password_cannot_be_guessed_without_end(workspace, make_user):
    cache.clear()
    user = make_user(workspace)
    client = Client()
    for number in range(12):
        client.post("/account/login/", {"login": user.email, "password": f"wrong {number}"})
    client.post("/account/login/", {"login": user.email, "password": "a long password 1"})
    assert "_auth_user_id" not in client.session
    cache.clear()


def test_sign_in_is_throttled_by_the_address_the_proxy_names(settings):
    """With an own count of proxies, one stranger's guessing would lock everybody out."""
    assert settings.REST_FRAMEWORK["NUM_PROXIES"] == settings.ALLAUTH_TRUSTED_PROXY_COUNT
