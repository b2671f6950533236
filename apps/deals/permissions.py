"""Who may do what with deals, by role."""

from apps.workspaces.permissions import may_configure, may_work_sellers


def may_move_deal(role: str) -> bool:
    return may_work_sellers(role)


def may_value_deal(role: str) -> bool:
    return may_work_sellers(role)


def may_assign_deal(role: str) -> bool:
    return may_work_sellers(role)


def may_edit_rules(role: str) -> bool:
    return may_configure(role)
