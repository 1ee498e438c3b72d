"""How the daemon writes its log: for a person at a terminal, or as JSON for the journal."""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING, Final, TextIO, cast

import structlog
from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.processors import ExceptionRenderer, JSONRenderer, TimeStamper, add_log_level
from structlog.tracebacks import ExceptionDictTransformer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from structlog.typing import EventDict, Processor, WrappedLogger

    from bubbled.settings.schema import Log

_PRIORITIES: Final[Mapping[str, int]] = {"critical": 2, "error": 3, "warning": 4, "info": 6, "debug": 7}


def configure(settings: Log) -> None:
    """Write to standard error from now on, what the settings ask for.

    No traceback shows the values of variables: a secret or a caller may be among them. Where standard error
    is the journal, a line begins with its priority, which the journal takes away (sd-daemon(3)).
    """
    console = settings.format == "console" or (settings.format == "auto" and sys.stderr.isatty())
    structlog.configure(
        processors=[add_log_level, *(_for_a_person() if console else _for_programs())],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, settings.level.upper())),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _StandardError())),
        cache_logger_on_first_use=False,
    )


class _StandardError:
    """Standard error as it is at each line: while cards are drawn, the terminal screen takes its place."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def _for_a_person() -> list[Processor]:
    renderer = ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain_traceback)
    return [TimeStamper(fmt="%H:%M:%S", utc=False), renderer]


def _for_programs() -> list[Processor]:
    return [
        TimeStamper(fmt="iso", utc=True),
        ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
        _with_priority if _is_journal() else JSONRenderer(ensure_ascii=False),
    ]


def _is_journal() -> bool:
    """Whether standard error leads to the journal, as `$JOURNAL_STREAM` says (systemd.exec(5))."""
    try:
        stream = os.fstat(sys.stderr.fileno())
    except (OSError, ValueError):  # closed, or no file at all
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{stream.st_dev}:{stream.st_ino}"


def _with_priority(logger: WrappedLogger, method: str, event: EventDict) -> str:
    priority = _PRIORITIES.get(event["level"], 6)
    return f"<{priority}>{JSONRenderer(ensure_ascii=False)(logger, method, event)!s}"
