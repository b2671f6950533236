"""Whether a message can and may reach this address of this person."""

from apps.channels.types import Attempt, Channel, LineType, Purpose, Reason


def no_address(attempt: Attempt) -> Reason | None:
    shape = "@" if attempt.channel == Channel.EMAIL else "+"
    if shape in attempt.address:
        return None
    return Reason("no_address", "There is no usable address for this channel.", "send")


def not_connected(attempt: Attempt) -> Reason | None:
    if attempt.connection.is_connected:
        return None
    return Reason("not_connected", "No provider is connected for this channel.", "send")


def parked(attempt: Attempt) -> Reason | None:
    """A number that a person set aside, mostly by proving another (C14). The one confirmation of an
    opt-out goes to where it came from."""
    because = attempt.recipient.parked_because
    if not because or attempt.purpose == Purpose.OPT_OUT_CONFIRMATION:
        return None
    sentence = f"Parked: {because}. To write to it, press “Use again” on the contact’s page."
    return Reason("parked", sentence, "C14")


def landline(attempt: Attempt) -> Reason | None:
    if attempt.channel != Channel.SMS or attempt.recipient.line_type != LineType.LANDLINE:
        return None
    return Reason("landline", "The number is a landline and takes no texts.", "send")


def unregistered(attempt: Attempt) -> Reason | None:
    if attempt.channel != Channel.SMS or attempt.connection.is_registered:
        return None
    sentence = "The texting brand and campaign are not registered with the carriers."
    return Reason("a2p_unregistered", sentence, "K1")
