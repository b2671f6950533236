"""What can go wrong around facts, as sentences."""


class ActionInsideAction(RuntimeError):
    """An action called another action: two facts would share one transaction."""


class NotOneFact(RuntimeError):
    """An action ended with no fact, or with more than one."""


class NetworkInsideAction(RuntimeError):
    """A provider was called while a transaction was open."""


class UnknownFact(LookupError):
    """A stored fact has a name that no catalog class carries."""
