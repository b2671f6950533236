"""Webhook calls: verified and stored raw, read into records a moment later."""
