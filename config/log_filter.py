"""What must never stand in a log."""

import logging
import re

_LINK = re.compile(r"(/o/)[\w-]{8,}")


class HideLinkTokens(logging.Filter):
    """Blots out the token of a seller's offer link: whoever reads it could accept the offer."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        hidden = _LINK.sub(r"\1…", said)
        if hidden != said:
            record.msg, record.args = hidden, ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = _LINK.sub(r"\1…", record.exc_text)
        return True
