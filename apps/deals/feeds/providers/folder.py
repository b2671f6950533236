"""A folder on the server into which another program or a person puts list files.

A file is complete when its size and time are what they were at the last look. It is taken once by
its content, whatever it is called, and then lies in `done/`; one that cannot be read lies in
`rejected/` with the reason beside it.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from apps.deals.feeds.types import (
    FeedFile,
    FeedPage,
    FeedRejected,
    FeedUnavailable,
    Record,
)

LARGEST_FILE = 100 * 1024 * 1024
DONE, REJECTED = "done", "rejected"
_UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")


class Folder:
    """Looks into one folder of the workspace's own under WATCHED_ROOT; a page is one file."""

    def read_page(
        self,
        source_settings: Mapping[str, Any],
        secrets: Mapping[str, str],
        watermark: Mapping[str, Any],
        page_token: str,
    ) -> FeedPage:
        folder = folder_of(source_settings)
        seen = {} if page_token else _look(folder)
        before = watermark.get("seen") or {}
        # Within one reading the look is the same: what a later page finds new waits for the next.
        ready = list(page_token.split("/")) if page_token else _ready(seen, before)
        mark = dict(watermark) if page_token else {**watermark, "seen": seen}
        for number, name in enumerate(ready):
            found = _read(folder / name)
            if found is not None:
                record = Record(f"sha256:{hashlib.sha256(found).hexdigest()}", {}, name)
                return FeedPage(
                    [record], "/".join(ready[number + 1 :]), mark, FeedFile(name, found)
                )
        return FeedPage([], "", mark)

    def map_record(self, source_settings: Mapping[str, Any], raw: Any) -> dict[str, str]:
        return {}


def folder_of(source_settings: Mapping[str, Any]) -> Path:
    """Raises FeedRejected where the path leads out of the root, FeedUnavailable if it is gone."""
    if not settings.WATCHED_ROOT:
        raise FeedRejected("this server has no root for watched folders (WATCHED_ROOT).")
    # Each workspace has the folder of its name: lists of another one cannot be pointed at.
    root = (Path(settings.WATCHED_ROOT) / str(source_settings["workspace"])).resolve()
    # resolve() follows symbolic links, so a link that leads out is caught as well.
    folder = (root / str(source_settings.get("path") or "").strip("/")).resolve()
    if not folder.is_relative_to(root):
        raise FeedRejected("the folder lies outside the root for your workspace's watched folders.")
    if not folder.is_dir():
        raise FeedUnavailable("the folder does not exist.")
    return folder


def put_away(source_settings: Mapping[str, Any], file: FeedFile, refused: str) -> None:
    """Move a file that was dealt with; repeating it after a crash does no harm."""
    folder = folder_of(source_settings)
    target = folder / (REJECTED if refused else DONE)
    path = folder / file.name
    if _read(path) != file.content:
        # Gone already, or another file of the same name came meanwhile: that one is for next time.
        return
    if target.is_symlink():
        raise FeedRejected(f"{target.name}/ is a link to another place.")
    target.mkdir(exist_ok=True)
    name = _free_name(target, file)
    if refused:
        (target / f"{name}.txt").write_text(f"{refused}\n", encoding="utf-8")
    path.replace(target / name)


def _look(folder: Path) -> dict[str, list[int]]:
    """Name -> size and time of every list file that may be complete."""
    found = {}
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith(".") or entry.name.lower().endswith(_UNFINISHED):
                    continue
                if not entry.is_file(follow_symlinks=False):
                    continue
                held = entry.stat(follow_symlinks=False)
                found[entry.name] = [held.st_size, held.st_mtime_ns]
    except OSError as error:
        raise FeedUnavailable(f"the folder cannot be read ({error.strerror}).") from error
    return found


def _ready(seen: Mapping[str, list[int]], before: Mapping[str, list[int]]) -> list[str]:
    """Oldest first, so that a newer list of the same houses has the last word."""
    same = [name for name, look in seen.items() if before.get(name) == look]
    return sorted(same, key=lambda name: (seen[name][1], name))


def _read(path: Path) -> bytes | None:
    """The content; None for a file that is gone, is a link, or is no plain file any more."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return None
        return file.read(LARGEST_FILE + 1)


def _free_name(target: Path, file: FeedFile) -> str:
    """Another file of that name may lie there: its content's digest tells them apart."""
    if not (target / file.name).exists():
        return file.name
    digest = hashlib.sha256(file.content).hexdigest()[:12]
    stem, dot, ending = file.name.rpartition(".")
    return f"{stem}-{digest}.{ending}" if dot else f"{file.name}-{digest}"
