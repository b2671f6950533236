"""PDF bytes: the same everywhere, complete or refused, and made behind walls."""

import io
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from apps.offers.pdf import child
from apps.offers.pdf.document import Letter, content_key
from apps.offers.pdf.markup import to_html
from apps.offers.pdf.render import DocumentRefused, Renderer, RendererFailed
from tests.offers.letters import letter

WHEN = letter().prepared_at


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    shared = Renderer()
    yield shared
    shared.close()


def pdf_of(renderer: Renderer, document: Letter) -> bytes:
    return renderer.render(to_html(document), prepared_at=document.prepared_at)


def text_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def test_same_letter_same_bytes_in_another_process_and_in_any_order(renderer: Renderer) -> None:
    first = pdf_of(renderer, letter())
    pdf_of(renderer, letter(seller_name="Somebody Else", apn=""))
    other = Renderer()
    try:
        assert pdf_of(renderer, letter()) == first
        assert pdf_of(other, letter()) == first
    finally:
        other.close()


def test_another_time_is_another_file(renderer: Renderer) -> None:
    later = letter(prepared_at=WHEN + timedelta(seconds=1))
    assert pdf_of(renderer, later) != pdf_of(renderer, letter())


def test_two_pages_with_price_terms_signature_and_its_own_identity(renderer: Renderer) -> None:
    first, second = text_of(pdf_of(renderer, letter()))
    for words in ("Blue Gate Homes LLC", "$182,500.00", "Earnest money", "José Ñuñez"):
        assert words in first
    for words in ("We intend to assign", "How to accept", letter().public_link, "Seller"):
        assert words in second
    for number, page in enumerate((first, second), 1):
        assert f"Page {number} of 2" in page
        assert content_key(letter())[:16] in page


@pytest.mark.parametrize("name", ["Иван Петров", "Nguyễn Thị Hạnh", "Ελένη", "Łukasz Żak"])
def test_names_the_fonts_can_draw_are_drawn(renderer: Renderer, name: str) -> None:
    assert name in text_of(pdf_of(renderer, letter(seller_name=name)))[0]


def test_a_name_the_fonts_cannot_draw_is_refused_by_name(renderer: Renderer) -> None:
    with pytest.raises(DocumentRefused, match=r"cannot print 东 \(U\+4E1C\)"):
        pdf_of(renderer, letter(seller_name="东 Li"))


def test_huge_text_everywhere_still_makes_a_short_document(renderer: Renderer) -> None:
    big = "W" * 100_000
    pages = text_of(
        pdf_of(
            renderer,
            letter(
                buyer_name=big,
                buyer_address=big,
                buyer_contact=(big, big),
                seller_name=big,
                seller_lines=(big,) * 3,
                property_lines=(big,) * 2,
                county=big,
                apn=big,
            ),
        )
    )
    assert len(pages) <= 6
    assert "$182,500.00" in pages[0]


@pytest.mark.parametrize(
    "source", ["/etc/passwd", "../child.py", "file:///etc/passwd", "http://127.0.0.1:9/x.png"]
)
def test_nothing_is_read_from_elsewhere(renderer: Renderer, source: str) -> None:
    with pytest.raises(DocumentRefused, match="resource policy"):
        renderer.render(f'<html><body><img src="{source}">', prepared_at=WHEN)


def test_a_document_nested_without_end_is_refused(renderer: Renderer) -> None:
    with pytest.raises(DocumentRefused, match="nests more"):
        renderer.render("<div>" * 300, prepared_at=WHEN)


def test_a_killed_child_is_reported_and_the_next_document_gets_a_new_one() -> None:
    own = Renderer()
    try:
        before = pdf_of(own, letter())
        process = own._child
        assert process is not None
        assert process.stdin is not None
        # A child that dies after it was found alive: its pipe is gone in mid-request.
        process.stdin.close()
        with pytest.raises(RendererFailed):
            pdf_of(own, letter())
        assert pdf_of(own, letter()) == before
    finally:
        own.close()


@pytest.mark.parametrize(
    ("attempt", "refusal"),
    [
        ("import socket; socket.create_connection(('127.0.0.1', 9))", "socket."),
        ("open('/tmp/dealwright-canary', 'w')", "open"),
        ("import subprocess; subprocess.run(['true'])", "subprocess.Popen"),
        ("import os; os.system('true')", "os.system"),
    ],
)
def test_the_child_may_not_reach_out(attempt: str, refusal: str) -> None:
    code = f"import child; child.confine()\n{attempt}"
    done = _run(code)
    assert f"PermissionError: a document may not use {refusal}" in done.stderr


def test_the_child_has_bounded_memory_and_processor_time() -> None:
    assert "MemoryError" in _run("import child; child.confine(); bytearray(2 << 30)").stderr
    spin = "import child; child.confine(); child.allow_seconds(1)\nwhile True: pass"
    assert _run(spin).returncode < 0


def _run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(child.__file__).parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
