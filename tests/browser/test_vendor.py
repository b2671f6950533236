"""Third-party files are what VERSIONS says, and fetch nothing from elsewhere."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINES = [
    line.split("  ")
    for line in (ROOT / "static/vendor/VERSIONS").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[3])
def test_a_vendored_file_has_its_recorded_digest(line):
    _, _, licence, path, digest = line
    assert licence
    assert hashlib.sha256((ROOT / path).read_bytes()).hexdigest() == digest


def test_every_vendored_file_is_recorded():
    folders = (ROOT / "static/vendor", ROOT / "tests/browser/vendor")
    files = {str(p.relative_to(ROOT)) for folder in folders for p in folder.iterdir()}
    assert files - {"static/vendor/VERSIONS"} == {line[3] for line in LINES}


@pytest.mark.parametrize("path", sorted((ROOT / "static").rglob("*.css")), ids=lambda p: p.name)
def test_styles_load_nothing_from_outside(path):
    css = path.read_text(encoding="utf-8")
    assert not re.findall(r"@import[^;]*", css)
    assert not [
        url
        for url in re.findall(r"url\(\s*['\"]?([^'\")]{0,40})", css)
        if not url.startswith("data:image/")
    ]


def test_every_icon_in_the_templates_is_in_the_sprite():
    sprite = (ROOT / "static/vendor/tabler-icons.svg").read_text(encoding="utf-8")
    have = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    wanted: dict[str, Path] = {}
    for template in (ROOT / "templates").rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        for name in re.findall(r'partials/icon\.html" with name="([^"]+)"', text):
            wanted.setdefault(name, template)
        for name in re.findall(r'\bicon="([^"]+)"', text):
            wanted.setdefault(name, template)
    assert not {name: str(path) for name, path in wanted.items() if name not in have}


def test_no_template_needs_an_inline_exception():
    """The content security policy refuses these; a browser would drop them without a word."""
    pattern = re.compile(r"\sstyle=|\son[a-z]+=\"|\shx-on|<style|<script(?![^>]*\bsrc=)", re.I)
    found = [
        f"{template.relative_to(ROOT)}: {match.group(0).strip()}"
        for template in (ROOT / "templates").rglob("*.html")
        if "/offers/pdf/" not in str(template)
        for match in [pattern.search(template.read_text(encoding="utf-8"))]
        if match
    ]
    assert not found
