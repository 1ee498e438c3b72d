"""`bubbled completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from bubbled.error import ControlError


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script that lets SHELL complete the commands and options of bubbled.

    \b
    Examples:
      bubbled completion bash > ~/.local/share/bash-completion/completions/bubbled
      bubbled completion zsh  > ~/.zfunc/_bubbled       (a folder in your fpath)
      bubbled completion fish > ~/.config/fish/completions/bubbled.fish
    """  # noqa: D301  # \b keeps click from filling the examples
    kind = get_completion_class(shell)
    if kind is None:
        raise ControlError(f"This version of click cannot write completions for {shell}; update click.")
    script = kind(context.find_root().command, {}, "bubbled", "_BUBBLED_COMPLETE")
    click.echo(script.source_template % script.source_vars())
