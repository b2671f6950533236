"""The Celery application. The broker carries wake-up calls only; due work is rows."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("dealwright")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
