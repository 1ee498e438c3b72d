from __future__ import annotations

from dataclasses import dataclass

from bubbled.error import ConfigError


@dataclass
class Kept:
    """A secret where the settings say it is, or (None) not."""

    text: str | None
    asked: int = 0

    async def __call__(self) -> str:
        self.asked += 1
        if self.text is None:
            raise ConfigError(
                "The secret is wanted in the environment variable KEY, which is not set; set it"
            )
        return self.text
