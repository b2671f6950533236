"""Open data of a county or city on Socrata: GET /resource/xxxx-xxxx.json or .csv.

Rows come in the order of `:updated_at`. A published file often gives a million rows one time, so
pages within one time go by offset, each beginning with the last row of the one before: another row
in that place means that the table moved, and the time is read from its first row again.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC
from typing import Any

from apps.common.safe_http import Answer
from apps.deals.feeds.providers.answers import (
    ask,
    clock_of,
    day_at,
    json_of,
    moment_of,
    page_size_of,
    records_of,
    text_at,
)
from apps.deals.feeds.providers.county_presets import PRESETS, Preset, squeezed
from apps.deals.feeds.rules import safe_mark
from apps.deals.feeds.types import FeedPage, FeedUnavailable

CHANGED = ":updated_at"
KEY = ":id"
_MOST_RESTARTS = 5
_RESOURCE = re.compile(r"(?P<base>.*/resource/[a-z0-9]{4}-[a-z0-9]{4})(?P<form>\.json|\.csv)?$")


@dataclass(frozen=True, slots=True)
class Place:
    """Rows changed at `since` or later, from the row `offset` on, which is `last` if all is well.

    `began` is the server's clock when the reading began, `is_first` says that the table was never
    read to its end before.
    """

    since: str = ""
    offset: int = 0
    last: str = ""
    began: str = ""
    restarts: int = 0
    is_first: bool = False


class Socrata:
    """Reads one data set."""

    def read_page(
        self,
        source_settings: Mapping[str, Any],
        secrets: Mapping[str, str],
        watermark: Mapping[str, Any],
        page_token: str,
    ) -> FeedPage:
        if page_token:
            place = Place(**json.loads(page_token))
        else:
            since = str(watermark.get("at") or "")
            place = Place(since=since, is_first=not since)
        # One row is the overlap, so a page of one would never go on.
        limit = max(2, page_size_of(source_settings, 500))
        answer = _ask(source_settings, secrets, place, limit)
        rows = _rows(answer)
        clock = clock_of(answer)
        place = replace(place, began=place.began or (clock.isoformat() if clock else ""))
        if place.last and (not rows or text_at(rows[0], KEY) != place.last):
            return self._page(source_settings, watermark, rows, _restart(place))
        following = _after(place, rows, limit)
        return self._page(source_settings, _marked(watermark, place, rows), rows, following)

    def map_record(self, source_settings: Mapping[str, Any], raw: Any) -> dict[str, str]:
        return cells_of(source_settings, raw)

    def _page(
        self,
        source_settings: Mapping[str, Any],
        watermark: Mapping[str, Any],
        rows: list[Any],
        following: Place | None,
    ) -> FeedPage:
        records = records_of(
            rows, lambda row: text_at(row, KEY), lambda row: self.map_record(source_settings, row)
        )
        if preset := _preset(source_settings):
            records = [
                replace(record, is_over=preset.is_over(_squeezed(record.raw))) for record in records
            ]
        token = json.dumps(asdict(following)) if following else ""
        return FeedPage(records, token, dict(watermark))


def _ask(
    source_settings: Mapping[str, Any], secrets: Mapping[str, str], place: Place, limit: int
) -> Answer:
    preset = _preset(source_settings)
    conditions = [f"{CHANGED} >= '{place.since}'"] if place.since else []
    conditions += [f"({preset.where})"] if preset and preset.where and place.is_first else []
    conditions += [f"({source_settings['where']})"] if source_settings.get("where") else []
    params = {
        "$select": ":*, *",
        "$where": " AND ".join(conditions),
        "$order": f"{CHANGED}, {KEY}",
        "$limit": str(limit),
        "$offset": str(place.offset),
    }
    headers = {"Accept": "application/json, text/csv"}
    if secrets.get("app_token"):
        headers["X-App-Token"] = secrets["app_token"]
    return ask(
        "GET",
        _resource(str(source_settings.get("url") or "")),
        params={name: value for name, value in params.items() if value},
        headers=headers,
    )


def _resource(url: str) -> str:
    match = _RESOURCE.fullmatch(url.strip().rstrip("/"))
    return match["base"] + (match["form"] or ".json") if match else url


def _rows(answer: Answer) -> list[Any]:
    if "csv" in answer.headers.get("content-type", ""):
        text = answer.body.decode("utf-8-sig", "replace")
        try:
            return list(csv.DictReader(io.StringIO(text, newline="")))
        except csv.Error as error:
            raise FeedUnavailable("the answer is no CSV.") from error
    rows = json_of(answer)
    if not isinstance(rows, list):
        raise FeedUnavailable("it holds no list of rows.")
    return rows


def _after(place: Place, rows: list[Any], limit: int) -> Place | None:
    if len(rows) < limit:
        return None
    last_time, last_key = text_at(rows[-1], CHANGED), text_at(rows[-1], KEY)
    if not last_time or not last_key:
        raise FeedUnavailable("its rows have no :updated_at and :id.")
    if last_time != place.since:
        return replace(place, since=last_time, offset=0, last="")
    return replace(place, offset=place.offset + len(rows) - 1, last=last_key)


def _restart(place: Place) -> Place:
    if place.restarts >= _MOST_RESTARTS:
        raise FeedUnavailable("its table changes faster than it can be read.")
    return replace(place, offset=0, last="", restarts=place.restarts + 1)


def _marked(watermark: Mapping[str, Any], place: Place, rows: list[Any]) -> dict[str, Any]:
    times = [moment for row in rows if (moment := moment_of(text_at(row, CHANGED)))]
    if not times:
        return dict(watermark)
    began = moment_of(place.began) if place.began else None
    mark = safe_mark(max(times), began).astimezone(UTC)
    return {**watermark, "at": mark.isoformat(timespec="milliseconds").replace("+00:00", "Z")}


def cells_of(source_settings: Mapping[str, Any], raw: Any) -> dict[str, str]:
    """The row by its layout, then by the person's own mapping; `fixed` fills what is left."""
    row, preset = _squeezed(raw), _preset(source_settings)
    cells = preset.cells(row) if preset else {}
    for column, name in (source_settings.get("mapping") or {}).items():
        cells[str(name)] = text_at(row, squeezed(str(column)))
    fixed = {str(name): str(value) for name, value in (source_settings.get("fixed") or {}).items()}
    cells = {**fixed, **{name: value for name, value in cells.items() if value}}
    if _is_row(raw):
        cells.setdefault("as_of", day_at(raw, CHANGED))
        cells.setdefault("external_id", text_at(raw, KEY))
    return {name: value for name, value in cells.items() if value}


def _preset(source_settings: Mapping[str, Any]) -> Preset | None:
    return PRESETS.get(str(source_settings.get("preset") or ""))


def _squeezed(raw: Any) -> dict[str, Any]:
    return {squeezed(str(name)): value for name, value in raw.items()} if _is_row(raw) else {}


def _is_row(raw: Any) -> bool:
    return isinstance(raw, Mapping)
