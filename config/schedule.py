"""Every periodic task. Each is a sweep over due rows: running twice or late is harmless."""

BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "deliver facts": {"task": "events.deliver", "schedule": 2.0},
    "seal facts": {"task": "events.seal", "schedule": 10.0},
    "continue imports": {"task": "deals.continue_imports", "schedule": 3.0},
    "preview drafts": {"task": "deals.preview_drafts", "schedule": 3.0},
    "continue sales files": {"task": "deals.continue_sale_imports", "schedule": 3.0},
    "poll sources": {"task": "deals.poll_sources", "schedule": 5.0},
    "read webhook calls": {"task": "deals.process_webhooks", "schedule": 3.0},
    "rescore deals": {"task": "deals.rescore_due", "schedule": 5.0},
    "fold tallies": {"task": "deals.fold_tallies", "schedule": 60.0},
    "check contacts": {"task": "contacts.check_due", "schedule": 5.0},
    "suggest merges": {"task": "contacts.suggest_merges", "schedule": 15.0},
    "trace batches": {"task": "contacts.trace_batches", "schedule": 5.0},
    "render offers": {"task": "offers.render_due", "schedule": 2.0},
    "expire offers": {"task": "offers.expire_due", "schedule": 60.0},
    "advance sequences": {"task": "sequences.advance_due", "schedule": 2.0},
    "send messages": {"task": "channels.send_due", "schedule": 2.0},
    "reconcile messages": {"task": "channels.reconcile_unknown", "schedule": 15.0},
    "forget API answers": {"task": "api.forget_old_answers", "schedule": 3600.0},
}
