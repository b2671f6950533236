"""Comparable sales: which ones, what they say, and the value after repair."""
