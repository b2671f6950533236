"""Sign-in, sign-out, password reset and the pages for what goes wrong."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, override_settings
from django.urls import reverse

from config import environment

pytestmark = pytest.mark.django_db


def test_the_demo_accounts_are_named_in_the_demo_only():
    with override_settings(DEMO=True):
        assert b"wholesaler@example.com" in Client().get("/account/login/").content
    with override_settings(DEMO=False):
        assert b"wholesaler@example.com" not in Client().get("/account/login/").content


def test_signing_in_leads_to_the_page_asked_for(workspace, make_user):
    user = make_user(workspace)
    client = Client()
    answer = client.get("/courses/")
    assert answer.status_code == 302
    form = {"login": user.email, "password": "a long password 1"}
    assert client.post(answer["Location"], form | {"next": "/courses/"})["Location"] == "/courses/"


def test_a_wrong_password_tells_nothing_about_the_account(workspace, make_user):
    user = make_user(workspace)
    answers = [
        Client().post("/account/login/", {"login": login, "password": "wrong password 1"})
        for login in (user.email, "nobody@example.com")
    ]
    texts = [answer.content.decode().partition('role="alert"')[2][:200] for answer in answers]
    assert texts[0] == texts[1] != ""


def test_a_link_cannot_sign_anybody_out(workspace, signed_in):
    client = signed_in(workspace)
    page = client.get("/account/logout/")
    assert b"Sign out" in page.content
    assert client.get("/").status_code == 200
    assert client.post("/account/logout/")["Location"] == reverse("account_login")
    assert client.get("/").status_code == 302


def test_nobody_signs_up_alone():
    page = Client().get("/account/signup/")
    assert b"By invitation" in page.content
    assert b"<form" not in page.content


def test_a_forgotten_password_is_reset_by_mail(workspace, make_user):
    user = make_user(workspace)
    client = Client()
    assert client.get("/account/password/reset/").status_code == 200
    answer = client.post("/account/password/reset/", {"email": user.email}, follow=True)
    assert b"Look into your mail" in answer.content
    (message,) = mail.outbox
    link = next(word for word in message.body.split() if "/password/reset/key/" in word)
    form = client.get(link, follow=True)
    new = {"password1": "another long word 2", "password2": "another long word 2"}
    done = client.post(form.request["PATH_INFO"], new, follow=True)
    assert b"Password changed" in done.content
    assert client.login(email=user.email, password="another long word 2")


@pytest.mark.parametrize(
    ("url", "backend", "host"),
    [("", "console", None), ("smtp+tls://u:p@mail.example.com:587", "smtp", "mail.example.com")],
)
def test_mail_to_users_needs_no_server_to_start_with(monkeypatch, url, backend, host):
    monkeypatch.setenv("EMAIL_URL", url)
    chosen = environment.mail()
    assert chosen["EMAIL_BACKEND"] == f"django.core.mail.backends.{backend}.EmailBackend"
    assert chosen["EMAIL_HOST"] == host


def test_a_mistyped_mail_address_stops_the_start(monkeypatch):
    monkeypatch.setenv("EMAIL_URL", "mail.example.com")
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL must start with"):
        environment.mail()


def test_an_unknown_address_gets_the_same_answer():
    answer = Client().post("/account/password/reset/", {"email": "nobody@example.com"}, follow=True)
    assert b"Look into your mail" in answer.content


def test_someone_without_a_workspace_learns_what_to_do(make_user, workspace):
    from apps.workspaces.models import User

    client = Client()
    client.force_login(User.objects.create_user("alone@example.com", "a long password 1"))
    answer = client.get("/")
    assert answer.status_code == 403
    assert b"ask its owner to add you" in answer.content
    assert b"Sign out" in answer.content


def test_nothing_here_says_so(workspace, signed_in):
    answer = signed_in(workspace).get("/no/such/page/")
    assert answer.status_code == 404
    assert b"There is nothing at this address" in answer.content


def test_a_form_from_before_signing_in_is_refused_with_a_reason(workspace, make_user):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/account/login/", {"login": "a@example.com", "password": "x"})
    assert answer.status_code == 403
    assert b"This form is too old to be sent" in answer.content


def test_an_error_shows_a_page_that_needs_no_database(rf):
    from django.views.defaults import server_error

    answer = server_error(rf.get("/"))
    assert answer.status_code == 500
    assert b"That is our fault" in answer.content
