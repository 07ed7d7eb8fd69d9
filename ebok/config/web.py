"""One web server: granian with our application. `serve` starts it as a process of its own."""

from collections.abc import Callable

from ebok.foundation.processes import obey_supervisor


def main() -> None:
    """Serve until TERM or INT."""
    from granian.cli import entrypoint

    obey_supervisor()
    serve: Callable[[], None] = entrypoint
    serve()


if __name__ == "__main__":
    main()
