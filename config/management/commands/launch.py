"""`manage.py launch`: everything in one supervised process; what `make run` calls."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config.demo.workspace import create_demo
from config.environment import number
from config.preflight import CannotStart, check_database, check_port, check_redis


class Command(BaseCommand):
    help = "Migrate, create the demo workspace once, and start web, worker and beat together."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--prepare", action="store_true", help="set up, but do not start")

    def handle(self, *args: Any, **options: Any) -> None:
        port = number("PORT", 8000, least=1, most=65535)
        try:
            if not options["prepare"]:
                check_port("127.0.0.1", port)
            check_database()
            check_redis()
        except CannotStart as error:
            raise CommandError(str(error)) from error
        # No worker listens yet: waking one would only fill this process's memory.
        settings.WAKE_WORKERS = False
        call_command("migrate", interactive=False, verbosity=0)
        if settings.DEMO:
            create_demo(say=self._say)
        if options["prepare"]:
            return
        self._say("Starting …")
        os.environ["PORT"] = str(port)
        os.environ.setdefault("PUBLIC_URL", f"http://127.0.0.1:{port}")
        command = ["-m", "gunicorn", "config.wsgi", "-c", "config/embedded.py"]
        os.chdir(settings.BASE_DIR)
        os.execv(sys.executable, [sys.executable, *command])  # noqa: S606 - our own interpreter

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
