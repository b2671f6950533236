"""manage.py load_courses: bring a workspace's courses up to the shipped files."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.common.clock import now
from apps.courses.actions import load_courses
from apps.courses.providers.shipped import read_shipped_courses
from apps.courses.types import CourseTextError
from apps.events.actions import Actor
from apps.workspaces.queries import get_workspace


class Command(BaseCommand):
    help = "Create or refresh the shipped courses of a workspace; lessons an admin changed stay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", required=True, metavar="SLUG")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            workspace = get_workspace(options["workspace"])
            texts = read_shipped_courses()
        except ObjectDoesNotExist:
            raise CommandError(f"There is no workspace '{options['workspace']}'.") from None
        except CourseTextError as error:
            raise CommandError(str(error)) from error
        courses = load_courses(
            workspace=workspace,
            actor=Actor.system("courses.load_courses"),
            courses=texts,
            now=now(),
        )
        self.stdout.write(f"{len(courses)} course(s) are up to date in {workspace.slug}.")
