"""Where rooms find what `config.wiring` provided for a port."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

T = TypeVar("T")
_factories: dict[type, Callable[[], Any]] = {}
_made: dict[type, Any] = {}


class PortNotWired(LookupError):
    """Nothing was provided for this port."""


def provide(port: type[T], factory: Callable[[], T]) -> None:
    """Say how to make the adapter for `port`; it is made on first use, once a process."""
    _factories[port] = factory
    _made.pop(port, None)


def adapter(port: type[T]) -> T:
    """Return the adapter provided for `port`.

    :raises PortNotWired: when `config.wiring` provided none.
    """
    if port not in _made:
        _made[port] = new_adapter(port)
    return cast(T, _made[port])


def new_adapter(port: type[T]) -> T:
    """Make an adapter for one run of one thread: for ports whose adapter holds a connection.

    :raises PortNotWired: when `config.wiring` provided none.
    """
    if port not in _factories:
        raise PortNotWired(port.__name__)
    return cast(T, _factories[port]())
