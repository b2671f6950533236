"""Which encoding a file is in, found in one pass that holds a piece of it at a time."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterable
from typing import NamedTuple

from apps.deals.ingestion.limits import FileRefused

_UNDEFINED_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_SAMPLE = 20_000
_UTF_16 = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class Survey(NamedTuple):
    encoding: str
    sha256: str
    byte_count: int


def survey(pieces: Iterable[bytes]) -> Survey:
    """Raises FileRefused for what is no text."""
    digest = hashlib.sha256()
    count = 0
    is_first, wide = True, ""
    utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    is_cp1252, has_nul, is_strange, is_blank = True, False, False, True
    for piece in pieces:
        digest.update(piece)
        count += len(piece)
        if is_first:
            wide = _UTF_16.get(piece[:2], "") or _wide_without_mark(piece[:_SAMPLE])
            is_strange = _is_strange(piece[:_SAMPLE])
            is_first = False
        is_blank = is_blank and not piece.strip(b" \t\r\n\x0b\x0c\x00\xef\xbb\xbf\xff\xfe")
        if wide:
            continue
        has_nul = has_nul or b"\x00" in piece
        utf8 = _still(utf8, piece)
        is_cp1252 = is_cp1252 and not _UNDEFINED_IN_CP1252.search(piece)
    if is_blank:
        raise FileRefused("The file is empty.")
    if not wide and is_strange:
        raise FileRefused("The file is not text.")
    if has_nul:
        raise FileRefused("The file is not text: it holds NUL bytes.")
    plain = "utf-8-sig" if utf8 else "cp1252" if is_cp1252 else "latin-1"
    return Survey(wide or plain, digest.hexdigest(), count)


def _still(
    decoder: codecs.IncrementalDecoder | None, piece: bytes
) -> codecs.IncrementalDecoder | None:
    """The decoder as long as everything so far was UTF-8; a character cut at the end is no harm."""
    if decoder is None:
        return None
    try:
        decoder.decode(piece)
    except UnicodeDecodeError:
        return None
    return decoder


def _wide_without_mark(sample: bytes) -> str:
    """UTF-16 without its mark: Latin text leaves every other byte empty."""
    if len(sample) < 4:
        return ""
    half = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.6 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.05 * half:
        return "utf-16-be"
    return ""


def _is_strange(sample: bytes) -> bool:
    controls = [found for found in _CONTROLS.findall(sample) if found != b"\x00"]
    return len(controls) * 50 > len(sample)
