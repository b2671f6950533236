"""Feeds that are asked again and again: what changed since the last time comes in as an import."""
