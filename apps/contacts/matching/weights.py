"""How much each piece of evidence says, in bits: log2(chance if the same / chance if not).

Set by hand from what the fields are worth, not fitted on pairs whose answer is known. Eight bits
for equal names: a first or a last name is shared by about one in 250 owners of a county. Ten for
a phone: a number belongs to one household, seldom to a second one. A date of birth is shared by
one in 30,000, a tax number by nobody, but typists copy both. Disagreement says less than
agreement wherever people change the thing: they move, marry, change numbers.
"""

from typing import Final

# Before any evidence: few of the pairs that share a key are one person.
PRIOR: Final = -12.0

FIRST_SAME: Final = 7.0
FIRST_NICKNAME: Final = 5.5
FIRST_CLOSE: Final = 4.5
FIRST_INITIAL: Final = 2.0
FIRST_OTHER: Final = -5.0
LAST_SAME: Final = 8.0
LAST_CLOSE: Final = 5.5
LAST_OTHER: Final = -4.0
SWAPPED: Final = -1.0
MIDDLE_SAME: Final = 2.0
MIDDLE_OTHER: Final = -3.0
RANK_OTHER: Final = -9.0

COMPANY_SAME: Final = 18.0
COMPANY_CLOSE: Final = 11.0
COMPANY_OTHER: Final = -12.0
FORM_OTHER: Final = -7.0

NUMBER_SAME: Final = 3.0
NUMBER_OTHER: Final = -1.0
STREET_SAME: Final = 6.0
STREET_CLOSE: Final = 4.5
STREET_OTHER: Final = -1.5
PLACE_SAME: Final = 4.0
UNIT_OTHER: Final = -1.5
CITY_SAME: Final = 2.0
CITY_CLOSE: Final = 1.5
CITY_OTHER: Final = -1.0
POSTAL_SAME: Final = 4.0
POSTAL_CLOSE: Final = 1.5
POSTAL_OTHER: Final = -1.0

PHONE_SAME: Final = 10.0
EMAIL_SAME: Final = 13.0
BORN_SAME: Final = 12.0
BORN_CLOSE: Final = 6.0
BORN_OTHER: Final = -5.0
TAX_SAME: Final = 17.0
TAX_CLOSE: Final = 9.0
TAX_OTHER: Final = -8.0

# Highest scores where something decides against it, whatever else agrees.
HOUSEHOLD_CAP: Final = 0.2
RELATED_CAP: Final = 0.3
SISTER_COMPANY_CAP: Final = 0.05
