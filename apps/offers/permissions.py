"""Who may do what with offers, by role."""

from apps.workspaces.permissions import may_work_sellers


def may_make_offer(role: str) -> bool:
    return may_work_sellers(role)


def may_withdraw_offer(role: str) -> bool:
    return may_work_sellers(role)
