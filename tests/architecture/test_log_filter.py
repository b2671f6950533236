"""A log is read by more people than an offer is meant for."""

import logging

import pytest
from django.conf import settings
from django.test import Client

from config.log_filter import HideLinkTokens

TOKEN = "Zr3-_kq8vB3nX9zL2mP5rT7wY0uI4oA6sD1fG8hJ3kL"


def line(message, *args, error=None):
    failed = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("django", logging.ERROR, "x.py", 1, message, args, failed)
    assert HideLinkTokens().filter(record)
    return logging.Formatter().format(record)


def test_the_token_of_an_offer_is_blotted_out():
    said = line("Internal Server Error: %s", f"/o/{TOKEN}/accept/", error=ValueError(f"/o/{TOKEN}"))
    assert TOKEN not in said
    assert "Internal Server Error: /o/…/accept/" in said
    assert "ValueError: /o/…" in said


def test_other_lines_stay_as_they_are():
    assert line("%s of %d in /deals/", "one", 2) == "one of 2 in /deals/"


@pytest.mark.parametrize("handler", settings.LOGGING["handlers"].values())
def test_every_handler_blots(handler):
    assert "no_links" in handler["filters"]


def test_a_refused_form_leaves_no_token_in_the_log(db):
    said = []

    class Keep(logging.Handler):
        def emit(self, record):
            said.append(self.format(record))

    keep = Keep()
    keep.addFilter(HideLinkTokens())
    logger = logging.getLogger("django.security.csrf")
    logger.addHandler(keep)
    try:
        Client(enforce_csrf_checks=True).post(f"/o/{TOKEN}/accept/")
    finally:
        logger.removeHandler(keep)
    assert said
    assert not any(TOKEN in text for text in said)
