"""Rules are rows: typed metrics, three-valued rules, and one reading of them in Python and SQL."""
