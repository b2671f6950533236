"""What a RESO service says of itself: which of the fields we use it has, and how it writes states.

Local fields and everything we have no use for are never asked for.
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from apps.common.safe_http import Answer
from apps.deals.feeds.providers.reso_listing import WANTED, spaced


def read(answer: Answer) -> dict[str, Any]:
    """{'select': fields to ask for, 'status_type': type of StandardStatus} for the watermark.

    A service without readable metadata is asked for everything: select is empty then.
    """
    try:
        root = fromstring(answer.body)
    except (ParseError, DefusedXmlException, ValueError):
        return {"select": [], "status_type": ""}
    types = _fields_of_property(root)
    return {
        "select": [name for name in WANTED if name in types],
        "status_type": types.get("StandardStatus", ""),
    }


def status_is(name: str, status_type: str) -> str:
    """A condition on StandardStatus in the style of the service.

    An enumeration has members such as `ActiveUnderContract`, a text has 'Active Under Contract'.
    """
    if status_type and not status_type.startswith("Edm."):
        member = "".join(word[:1].upper() + word[1:] for word in name.split())
        return f"StandardStatus eq {status_type}'{member.replace(chr(39), '')}'"
    text = spaced(name).replace("'", "''")
    return f"StandardStatus eq '{text}'"


def _fields_of_property(root: Element) -> dict[str, str]:
    for entity in root.iter():
        if _local(entity) == "EntityType" and entity.get("Name") == "Property":
            return {
                str(field.get("Name")): str(field.get("Type") or "")
                for field in entity
                if _local(field) == "Property"
            }
    return {}


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
