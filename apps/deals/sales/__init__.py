"""Recorded sales on their way in: county files, feeds."""
