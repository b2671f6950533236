"""Facts: written once, delivered to every subscriber, sealed, never changed."""
