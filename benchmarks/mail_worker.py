"""A worker's run that sends what waits in groups, as a process that can be killed; it says when it begins."""

import os
import subprocess
import sys

from benchmarks.databases import ROOT


def start(*, url: str, port: int, **more: str) -> "subprocess.Popen[bytes]":
    """Start a run on this database with the mail server at this port; `more` is added to its environment."""
    mail = {"DATABASE_URL": url, "EBOK_EMAIL_URL": f"smtp://127.0.0.1:{port}?tls=none", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "benchmarks.mail_worker"]
    return subprocess.Popen(
        command, env=os.environ | mail | more, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def main() -> None:
    """What the worker's job does."""
    import django

    django.setup()
    from ebok.jobs.tasks import deliver_message_groups
    from ebok.notifications.domain import DeliverGroups

    print("begins", flush=True)
    deliver_message_groups(DeliverGroups())


if __name__ == "__main__":
    main()
