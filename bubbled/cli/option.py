"""What several commands have in common."""

from __future__ import annotations

from datetime import datetime

import click

as_json = click.option("--json", "as_json", is_flag=True, help="Write JSON, for programs.")


def local_now() -> datetime:
    """Tell the present moment in the computer's zone."""
    return datetime.now().astimezone()
