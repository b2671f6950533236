"""A PDF on its way out."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def pdf_response(content: bytes, name: str, *, is_download: bool) -> HttpResponse:
    """Never cached, never sniffed; RFC 6266 name. `name` may hold any character."""
    safe = "".join(c for c in name if c.isprintable() and c not in '/\\"')[:80]
    disposition = content_disposition_header(is_download, f"{safe}.pdf")
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": disposition or "inline",
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        },
    )
