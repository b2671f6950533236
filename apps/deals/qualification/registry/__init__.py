"""The registered metrics by topic; `metrics.py` puts them together."""
