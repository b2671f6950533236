"""A number look-up that never leaves the machine: what it says is written in the number's end."""

from decimal import Decimal

from apps.contacts.types import NumberResult
from apps.events.actions import assert_no_action

PRICE_AMOUNT = Decimal("0.008")
_NOTES = {"98": "The line does not answer.", "99": "Not a valid number."}


class SandboxLookup:
    """90 to 94: landline, 95 to 97: VoIP, 98: does not answer, 99: does not exist, else mobile."""

    name = "sandbox"

    def probe(self) -> None:
        """Always there."""
        assert_no_action()

    def look_up(self, e164: str) -> NumberResult:
        assert_no_action()
        end = e164[-2:]
        if end == "99":
            return NumberResult(False, None, "", "", Decimal(0), _NOTES[end])
        line_type = "landline" if "90" <= end <= "94" else "voip" if end in "95 96 97" else "mobile"
        return NumberResult(
            is_valid=True,
            is_reachable=end != "98",
            line_type=line_type,
            carrier="Sandbox Wireless",
            cost_amount=PRICE_AMOUNT,
            note=_NOTES.get(end, ""),
        )
