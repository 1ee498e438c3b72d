"""The CRM packages that bubbled has presets for, and what each leaves to the user."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bubbled.directory.kinds.rest import loading
from bubbled.setup.known import Need
from bubbled.setup.question import Choice


class Needs(Mapping[str, tuple[Need, ...]]):
    """What presets need, by their names; each is read when it is asked for."""

    def __getitem__(self, preset: str) -> tuple[Need, ...]:
        """Give what is needed; KeyError where there is no such preset."""
        if preset not in loading.names():
            raise KeyError(preset)
        chosen = loading.load(preset)
        variables = [
            Need(
                f"directory.variables.{name}", variable.about, is_secret=False, example=variable.example or ""
            )
            for name, variable in chosen.variables.items()
            if variable.default is None
        ]
        secrets = [
            Need(f"directory.secrets.{name}", about, is_secret=True) for name, about in chosen.secrets.items()
        ]
        return (*variables, *secrets)

    def __iter__(self) -> Iterator[str]:
        """Go through the names."""
        return iter(loading.names())

    def __len__(self) -> int:
        """Count them."""
        return len(loading.names())


def choices() -> tuple[Choice, ...]:
    """Those with which a user can begin without writing one."""
    listed = ((name, loading.load(name).about) for name in loading.names() if name != "generic")
    return tuple(Choice(name, f"{about.title}: {about.description}") for name, about in listed)
