"""Trying a feed out before it is trusted: one call, nothing stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.deals.feeds.credentials import kept_secrets
from apps.deals.feeds.providers import provider_of
from apps.deals.feeds.schemas import asked_settings, problems_of
from apps.deals.feeds.sentences import SPEAKERS, sentence_of
from apps.deals.feeds.types import FeedError, FeedPage, FeedUnavailable, SourceTest
from apps.deals.models import LeadSource
from apps.events.actions import assert_no_action
from apps.workspaces.vault import KeyMissing


def test_source(source: LeadSource, secrets: Mapping[str, str] | None = None) -> SourceTest:  # noqa: PT028
    """Ask a feed for one record, saved or not, and say how it went.

    `secrets` replace the stored ones where they are not empty; those go to no other address.
    """
    assert_no_action()
    try:
        known = kept_secrets(source)
    except KeyMissing as error:
        if not secrets:
            return SourceTest(False, str(error))
        known = {}
    known |= {name: value for name, value in (secrets or {}).items() if value}
    problems = problems_of(source.type, source.settings, known)
    if problems:
        return SourceTest(False, " ".join(problems))
    # A call may cost money per record: one is enough to see.
    asked = {**asked_settings(source), "page_size": 1}
    try:
        page = _first_page(source.type, asked, known)
    except FeedError as error:
        return SourceTest(False, sentence_of(error, source.type))
    return _told(source, page)


test_source.__test__ = False  # type: ignore[attr-defined]


def _first_page(
    source_type: str, source_settings: Mapping[str, Any], secrets: Mapping[str, str]
) -> FeedPage:
    try:
        return provider_of(source_type).read_page(source_settings, secrets, {}, "")
    except FeedError:
        raise
    except Exception as error:
        raise FeedUnavailable(f"it cannot be read ({type(error).__name__}).") from error


def _told(source: LeadSource, page: FeedPage) -> SourceTest:
    speaker = SPEAKERS[source.type]
    if source.type == LeadSource.Type.FOLDER:
        count = len(page.watermark.get("seen") or {})
        noun = "file lies" if count == 1 else "files lie"
        return SourceTest(True, f"The folder can be read; {count} {noun} in it.")
    if not page.records:
        return SourceTest(True, f"{speaker} answered, but has no record of what you ask for.")
    sample = page.records[0].cells
    place = ", ".join(filter(None, (sample.get(name) for name in ("line", "address", "city"))))
    if not place and not sample.get("apn"):
        return SourceTest(
            False, f"{speaker} answered, but no address was found: check the mapping.", sample
        )
    return SourceTest(True, f"{speaker} answered: {place or sample.get('apn', '')}.", sample)
