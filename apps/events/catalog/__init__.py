"""Payload classes of all facts, by the app that publishes them. They live low so that any app may
subscribe without importing the producer."""
