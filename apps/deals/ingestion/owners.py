"""Who owns the property, read from PropStream's owner columns and their habits."""

from apps.common.names import Name, comparable, organization, parse_name, person


def first_owner(
    first: str, last: str, care_of: str, second: Name | None
) -> tuple[Name | None, bool]:
    """Owner 1, and whether the care-of name had to help.

    A blank first name means an organization, which stands in the last-name cell. A blank last name
    means the whole name went to `Mailing Care of Name`, often joined with the second owner:
    'Testa & Ada Sampleton' is Testa Sampleton.
    """
    if not first:
        return (organization(last) if last else None), False
    if last:
        return person(first, last), False
    surname = _surname_from(first, care_of, second)
    return person(first, surname), bool(surname)


def second_owner(first: str, last: str) -> Name | None:
    """Owner 2. A full name may stand in the first-name cell alone."""
    if first and last:
        return person(first, last)
    return parse_name(first or last) if first or last else None


def _surname_from(first: str, care_of: str, second: Name | None) -> str:
    if not care_of or not comparable(care_of).startswith(comparable(first)):
        return ""
    own, joint, others = care_of.partition("&")
    rest = own.split()[len(first.split()) :]
    if rest or not joint:
        return " ".join(rest)
    if second and second.last:
        return second.last
    shared = parse_name(others)
    return shared.last
