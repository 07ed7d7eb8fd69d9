"""Jobs by name: a room declares one and enqueues it inside its transaction; `jobs.tasks` handles it."""

import asyncio
import contextlib
import dataclasses
import signal
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, Final, Generic, TypeVar, cast

from django.db import transaction
from django.db.models import Max
from procrastinate import exceptions
from procrastinate.contrib.django import DjangoApp, app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateWorker

CONCURRENCY: Final = 4
"""Two may be at long work, sending and making documents of a bill day; the others keep hands free for what waits."""
GRACEFUL_SECONDS: Final = 10
HEARTBEAT_SECONDS: Final = 10
STALLED_SECONDS: Final = 30

_STOP_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
_stopping: Final = threading.Event()

P = TypeVar("P")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Job(Generic[P]):
    """A kind of background work: its name and the frozen dataclass of plain ids it is given."""

    name: str
    payload: type[P]
    declared: ClassVar[dict[str, "Job[Any]"]] = {}

    def __post_init__(self) -> None:
        Job.declared[self.name] = self


def enqueue(job: Job[P], payload: P, *, once: str | None = None) -> bool:
    """Queue `job` in the current transaction; with `once`, at most one equal job waits at a time.

    Returns False when an equal one already waited.
    """
    options: dict[str, Any] = {"allow_unknown": False}
    if once is not None:
        options["queueing_lock"] = f"{job.name}:{once}"
    deferrer = app.configure_task(job.name, **options)
    values = dataclasses.asdict(payload)  # type: ignore[call-overload]
    try:
        with transaction.atomic():
            deferrer.defer(**values)
    except exceptions.AlreadyEnqueued:
        return False
    return True


def handles(job: Job[P], **options: Any) -> Callable[[Callable[[P], None]], Callable[[P], None]]:
    """Bind a function of `jobs.tasks` to `job`; options are procrastinate's (`retry`, `queue`, …)."""

    def bind(function: Callable[[P], None]) -> Callable[[P], None]:
        def run(**values: Any) -> None:
            function(job.payload(**values))

        run.__name__ = function.__name__
        run.__doc__ = function.__doc__
        register: Callable[..., object] = app.task(name=job.name, **options)
        register(run)
        return function

    return bind


def last_heartbeat() -> datetime | None:
    """When any worker last said that it lives, None when there is none."""
    return cast("datetime | None", ProcrastinateWorker.objects.aggregate(last=Max("last_heartbeat"))["last"])


async def retry_stalled() -> int:
    """Queue again the jobs whose worker died. Returns how many."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS))
    for job in stalled:
        await app.job_manager.retry_job(job)
    return len(stalled)


def stopping() -> bool:
    """Whether this worker was told to end: long work gives back what it has not begun."""
    return _stopping.is_set()


def run_worker() -> None:
    """Handle jobs until TERM or INT; running ones get `GRACEFUL_SECONDS` to end, the long ones ask `stopping`."""
    asyncio.run(_work(_worker_app()))


def _worker_app() -> DjangoApp:
    # An app of its own: the worker's connection is asynchronous, while what a task enqueues
    # must go through Django's connection to join the task's transaction.
    connector = cast(DjangoConnector, app.connector)
    worker_app = DjangoApp(connector=connector.get_worker_connector())
    worker_app.tasks = app.tasks
    worker_app.periodic_registry = app.periodic_registry
    return worker_app


async def _work(worker_app: DjangoApp) -> None:
    async with worker_app.open_async():
        working = asyncio.ensure_future(
            worker_app.run_worker_async(
                concurrency=CONCURRENCY,
                shutdown_graceful_timeout=GRACEFUL_SECONDS,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=STALLED_SECONDS,
                delete_jobs="successful",
                install_signal_handlers=False,
            )
        )
        for number in _STOP_SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, _stop, working)
        with contextlib.suppress(asyncio.CancelledError):
            await working


def _stop(working: "asyncio.Future[None]") -> None:
    """Let the running jobs end; the same signal again ends the process at once."""
    for number in _STOP_SIGNALS:
        asyncio.get_running_loop().remove_signal_handler(number)
    _stopping.set()
    working.cancel()
