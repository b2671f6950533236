"""Who is the same person or company: pure rules, weighing evidence as Fellegi and Sunter do.

Fellegi, Sunter: A Theory for Record Linkage, JASA 64 (1969). `block` finds the pairs worth
comparing in less than quadratic time, `compare` gives each a score from 0 to 1 with reasons.
"""

from apps.contacts.matching.blocking import block, keys_of
from apps.contacts.matching.identity import Identity, identity
from apps.contacts.matching.scoring import Match, compare

__all__ = ["Identity", "Match", "block", "compare", "identity", "keys_of"]
