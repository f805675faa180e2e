"""The second peer of a sweep: django-helpdesk's `escalate_tickets`, in an environment of its own.

It reads one line of JSON, `{"folder", "tickets", "due"}`, makes that many open tickets, so many of them due to be
escalated, and prints the seconds that the command takes, and those of a second run that finds nothing.
"""

import json
import sys
from datetime import timedelta
from time import perf_counter

import django
from django.conf import settings
from django.core.management import call_command

request = json.loads(sys.stdin.readline())
settings.configure(
    SECRET_KEY="of no use",  # noqa: S106 - nothing is signed with it
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{request['folder']}/helpdesk.sqlite3"}},
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.sites",
        "django.contrib.admin",
        "django.contrib.messages",
        "helpdesk",
    ],
    SITE_ID=1,
    EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
    HELPDESK_TEAMS_MODE_ENABLED=False,
    HELPDESK_ACTIVATE_API_ENDPOINT=False,
)
django.setup()

from django.db import connection  # noqa: E402 - Django has to be set up first
from django.utils import timezone  # noqa: E402
from helpdesk.models import Queue, Ticket  # noqa: E402


def made(tickets: int, due: int) -> None:
    """An empty help desk with so many open tickets, so many of them old enough to be escalated, evenly spread."""
    call_command("migrate", verbosity=0)
    connection.cursor().execute("PRAGMA journal_mode=WAL")
    queue = Queue.objects.create(title="Queue", slug="q", escalate_days=1)
    now, every = timezone.now(), tickets // due
    old = now - timedelta(days=3)
    batch = []
    for number in range(tickets):
        is_due = number % every == 0
        batch.append(
            Ticket(
                queue=queue,
                title="Something is due",
                status=Ticket.OPEN_STATUS,
                priority=3,
                last_escalation=old if is_due else now,
            )
        )
        if len(batch) == 10_000 or number == tickets - 1:
            Ticket.objects.bulk_create(batch)
            batch.clear()


def seconds() -> float:
    """How long the command takes."""
    began = perf_counter()
    call_command("escalate_tickets", verbosity=0)
    return perf_counter() - began


made(request["tickets"], request["due"])
found = {"sweep": seconds(), "escalated": Ticket.objects.filter(priority=2).count(), "idle": seconds()}
print(json.dumps(found))
