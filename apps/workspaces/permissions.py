"""Who may do what, by role."""

from apps.workspaces.types import Role

ADMINS = frozenset({Role.OWNER, Role.ADMIN})
SELLER_SIDE = ADMINS | {Role.ACQUISITIONS}
WORKERS = SELLER_SIDE | {Role.DISPOSITIONS}


def may_configure(role: str) -> bool:
    """Rules, strategies, sequences, templates, team, connections."""
    return role in ADMINS


def may_work_sellers(role: str) -> bool:
    """Import lists, move deals, make offers, write to sellers."""
    return role in SELLER_SIDE
