"""Markdown written by people, turned into HTML that is safe to show to other people."""

from collections.abc import Sequence

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

# Everything else is dropped. No id, name, style, hx-* or data-*: a lesson can neither address the
# page around it (htmx would act on hx-*, scripts find elements by id or name) nor dress itself.
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "th": {"scope"},
}
_CLASSES = {
    "div": {"table-responsive"},
    "table": {"table", "table-sm"},
    "td": {"text-end", "text-center"},
    "th": {"text-end", "text-center"},
}
_TAGS = {
    *("h2", "h3", "h4", "h5", "h6", "p", "div", "br", "hr", "blockquote", "pre", "code"),
    *("a", "img", "em", "strong", "del", "s", "sub", "sup", "ol", "ul", "li"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_DROP_WITH_CONTENT = {"script", "style", "iframe", "object", "embed", "template", "svg", "math"}
_LINK_SCHEMES = {"https", "http", "mailto", "tel"}
_OWN_IMAGES = "/static/"
_MAX_NESTING = 20


def render_markdown(text: str) -> SafeString:
    """HTML made only of a closed list of tags and attributes.

    Headings begin at h2 (the page has its own h1). Links carry rel="noopener noreferrer"; images
    are shown only from this site's own static files, so that a lesson cannot tell a stranger who
    reads it. Never raises: what is not understood is shown as text or left out.
    """
    html = nh3.clean(
        _parser.render(text),
        tags=_TAGS,
        clean_content_tags=_DROP_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=_keep_attribute,
        allowed_classes=_CLASSES,
        url_schemes=_LINK_SCHEMES,
        link_rel="noopener noreferrer",
    )
    return SafeString(html)


def _keep_attribute(tag: str, attribute: str, value: str) -> str | None:
    if (tag, attribute) == ("img", "src"):
        return value if _is_own_image(value) else None
    return value


def _is_own_image(url: str) -> bool:
    return url.startswith(_OWN_IMAGES) and ".." not in url and "\\" not in url


def _shape_tokens(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{max(int(token.tag[1:]), 2)}"
        elif token.type in {"th_open", "td_open"}:
            _align_by_class(token)


def _align_by_class(token: Token) -> None:
    """A strict Content-Security-Policy refuses the style attribute markdown-it writes."""
    style = str(token.attrs.pop("style", ""))
    if style.endswith(("right", "center")):
        token.attrs["class"] = "text-end" if style.endswith("right") else "text-center"


def _open_table(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    return '<div class="table-responsive"><table class="table table-sm">\n'


def _close_table(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    return "</table></div>\n"


def _build_parser() -> MarkdownIt:
    # html=True lets nh3 remove a script together with its content; with html=False the reader
    # would see the script's source as text.
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _MAX_NESTING})
    parser.enable(["table", "strikethrough"])
    parser.core.ruler.push("shape_tokens", _shape_tokens)
    parser.add_render_rule("table_open", _open_table)
    parser.add_render_rule("table_close", _close_table)
    return parser


_parser = _build_parser()
