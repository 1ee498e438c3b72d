"""`bubbled example`."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from bubbled.error import ConfigError


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--service", is_flag=True, help="The systemd unit instead of the settings.")
def example(file: Path | None, service: bool) -> None:  # noqa: FBT001  # click passes flags so
    """Print commented settings to start from, or put them into FILE.

    FILE must not exist yet; folders that are missing above it are made.

    \b
    Examples:
      bubbled example ~/.config/bubbled/config.toml
      bubbled example --service ~/.config/systemd/user/bubbled.service
      bubbled example | less
    """  # noqa: D301  # \b keeps click from filling the examples
    text = (files("bubbled") / "examples" / ("bubbled.service" if service else "config.toml")).read_text()
    if file is None:
        click.echo(text, nl=False)
        return
    _create(file.expanduser(), text)
    click.echo(f"{file} is there now; fill in what is yours." if not service else f"{file} is there now.")


def _create(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        file.touch(mode=0o600, exist_ok=False)  # a secret may come into it
    except FileExistsError:
        raise ConfigError(
            f"{file} exists already and stays as it is; name another file, or move that one away"
        ) from None
    file.write_text(text)
