"""Commands that are loaded when they are used: `bubbled status` must not pay for what `bubbled run` needs."""

from __future__ import annotations

from importlib import import_module
from typing import Any, cast

import click


class OrderedGroup(click.Group):
    """Lists its commands in the order in which they were given: the everyday ones first."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Give the names of the commands."""
        return list(self.commands)


class LazyCommand(click.Command):
    """Stands for a command in lists, help and completion until someone uses it.

    Args:
        name: of the command, and of the `click.Command` in the module, unless that is called `attribute`.
        module: where it is defined.
        short_help: what it does, in a few words.
    """

    def __init__(self, name: str, module: str, short_help: str, *, attribute: str | None = None) -> None:
        super().__init__(name, short_help=short_help)
        self.module = module
        self.attribute = attribute or name

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Load the real command and let it read its arguments; what runs from here on is the real one."""
        return self.load().make_context(info_name, args, parent, **extra)

    def load(self) -> click.Command:
        """Import the real command."""
        return cast("click.Command", getattr(import_module(self.module), self.attribute))
