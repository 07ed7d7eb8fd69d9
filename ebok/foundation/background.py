"""Jobs by name: a room declares one and enqueues it inside its transaction; `jobs.tasks` handles it."""

import dataclasses
from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

from django.db import transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app

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
        app.task(name=job.name, **options)(run)
        return function

    return bind
