"""RESO Web API (OData 4): listings of an MLS, in the order in which they were changed.

The place in the feed is (ModificationTimestamp, ListingKey). A link with a cursor is followed. A
link with an offset is not: when a listing is changed while we page, it moves to the end, the others
move up, and the one on the edge would never be seen.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

from apps.common.safe_http import Answer
from apps.deals.feeds.providers import reso_login, reso_metadata
from apps.deals.feeds.providers.answers import (
    ask,
    at,
    base_of,
    clock_of,
    json_of,
    moment_of,
    page_size_of,
    records_of,
    text_at,
)
from apps.deals.feeds.providers.reso_listing import cells_of
from apps.deals.feeds.rules import safe_mark
from apps.deals.feeds.types import FeedPage, FeedRejected, FeedUnauthorized, FeedUnavailable

CHANGED = "ModificationTimestamp"
KEY = "ListingKey"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after `key` at the time `after`, or at `link`.

    `began` is the server's clock when the reading began, `newest` the latest change seen since.
    `$top` bounds what a question brings over all its links: `count` of it has come.
    """

    after: str = ""
    key: str = ""
    link: str = ""
    began: str = ""
    newest: str = ""
    count: int = 0
    is_sorted: bool = True


class Reso:
    """Reads the resource Property of one service."""

    def read_page(
        self,
        source_settings: Mapping[str, Any],
        secrets: Mapping[str, str],
        watermark: Mapping[str, Any],
        page_token: str,
    ) -> FeedPage:
        known = dict(watermark)
        place = Place(**json.loads(page_token)) if page_token else Place()
        if "select" not in known:
            known |= reso_metadata.read(
                _get(source_settings, secrets, f"{base_of(source_settings, '')}/$metadata")
            )
        try:
            answer = _page(source_settings, secrets, known, place)
        except FeedRejected:
            if "select" not in watermark:
                raise
            # The server may have lost a field since its metadata was read.
            metadata = f"{base_of(source_settings, '')}/$metadata"
            known |= reso_metadata.read(_get(source_settings, secrets, metadata))
            answer = _page(source_settings, secrets, known, place)
        rows = at(json_of(answer), "value")
        if not isinstance(rows, list):
            raise FeedUnavailable("it holds no list of listings.")
        link = _link(answer, source_settings)
        began = clock_of(answer)
        place = replace(place, began=place.began or (began.isoformat() if began else ""))
        return _as_page(source_settings, known, place, rows, link)

    def map_record(self, source_settings: Mapping[str, Any], raw: Any) -> dict[str, str]:
        return cells_of(raw)


def _page(
    source_settings: Mapping[str, Any],
    secrets: Mapping[str, str],
    known: Mapping[str, Any],
    place: Place,
) -> Answer:
    if place.link:
        return _get(source_settings, secrets, place.link)
    params = {
        "$filter": _filter(source_settings, known, place),
        "$orderby": f"{CHANGED},{KEY}",
        "$top": str(page_size_of(source_settings, 200)),
    }
    if known.get("select"):
        params["$select"] = ",".join(known["select"])
    params = {name: value for name, value in params.items() if value}
    return _get(source_settings, secrets, f"{base_of(source_settings, '')}/Property", params)


def _filter(source_settings: Mapping[str, Any], known: Mapping[str, Any], place: Place) -> str:
    parts = []
    if place.after:
        same = f"{CHANGED} eq {place.after} and {KEY} gt {_quoted(place.key)}"
        parts.append(f"({CHANGED} gt {place.after} or ({same}))")
    elif known.get("at"):
        parts.append(f"{CHANGED} ge {known['at']}")
    statuses = [
        reso_metadata.status_is(str(name), str(known.get("status_type") or ""))
        for name in source_settings.get("statuses") or []
    ]
    if statuses:
        parts.append(f"({' or '.join(statuses)})")
    if source_settings.get("originating_system"):
        system = _quoted(str(source_settings["originating_system"]))
        parts.append(f"OriginatingSystemName eq {system}")
    if source_settings.get("filter"):
        parts.append(f"({source_settings['filter']})")
    return " and ".join(parts)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _get(
    source_settings: Mapping[str, Any],
    secrets: Mapping[str, str],
    url: str,
    params: Mapping[str, str] | None = None,
) -> Answer:
    token = reso_login.token_of(source_settings, secrets)
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    if url.endswith("$metadata"):
        headers["Accept"] = "application/xml"
    try:
        return ask("GET", url, params=params, headers=headers)
    except FeedUnauthorized:
        if not reso_login.forget(source_settings, secrets):
            raise
        headers["Authorization"] = f"Bearer {reso_login.token_of(source_settings, secrets)}"
        return ask("GET", url, params=params, headers=headers)


def _link(answer: Answer, source_settings: Mapping[str, Any]) -> str:
    """The next link, complete. It goes with our token, so it must lead to the same machine."""
    link = at(json_of(answer), "@odata.nextLink")
    if not link or not isinstance(link, str):
        return ""
    base = f"{base_of(source_settings, '')}/Property"
    link = urljoin(base, link)
    if urlsplit(link)[:2] != urlsplit(base)[:2]:
        raise FeedUnavailable("its next page lies on another machine.")
    return link


def _as_page(
    source_settings: Mapping[str, Any],
    known: dict[str, Any],
    place: Place,
    rows: list[Any],
    link: str,
) -> FeedPage:
    times = [text for row in rows if (text := text_at(row, CHANGED)) and moment_of(text)]
    moments = [_moment(text) for text in times]
    newest = max([*times, *([place.newest] if place.newest else [])], key=_moment, default="")
    is_sorted = place.is_sorted and moments == sorted(moments)
    after = _after(source_settings, place, rows, link, is_sorted)
    following = (
        json.dumps(asdict(replace(after, newest=newest, is_sorted=is_sorted))) if after else ""
    )
    if newest and (is_sorted or not following):
        began = moment_of(place.began) if place.began else None
        known["at"] = _literal(safe_mark(_moment(newest), began))
    records = records_of(rows, lambda row: text_at(row, KEY), cells_of)
    return FeedPage(records, following, known)


def _after(
    source_settings: Mapping[str, Any],
    place: Place,
    rows: list[Any],
    link: str,
    is_sorted: bool,
) -> Place | None:
    """Where the next page begins; None where this was the last."""
    count = place.count + len(rows)
    if link and not _is_offset(link):
        if link == place.link:
            raise FeedUnavailable("its next page is the same page.")
        return replace(place, after="", key="", link=link, count=count)
    is_cut = bool(link) or count >= page_size_of(source_settings, 200)
    if not rows or not is_cut or _is_deaf(place, rows[0]):
        return None
    last_time, last_key = text_at(rows[-1], CHANGED), text_at(rows[-1], KEY)
    if not is_sorted or not last_time or not last_key:
        if link and link != place.link:
            return replace(place, after="", key="", link=link, count=count)
        raise FeedUnavailable("it is not in the order that we asked for.")
    return replace(place, after=last_time, key=last_key, link="", count=0)


def _is_deaf(place: Place, first: Any) -> bool:
    """A server that takes no notice of our place would send the same page for ever."""
    if not place.after:
        return False
    found = (_moment(text_at(first, CHANGED)), text_at(first, KEY))
    return found[0] < _moment(place.after) or found == (_moment(place.after), place.key)


def _is_offset(link: str) -> bool:
    return "$skip" in parse_qs(urlsplit(link).query)


def _moment(text: str) -> datetime:
    return moment_of(text) or datetime.min.replace(tzinfo=UTC)


def _literal(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
