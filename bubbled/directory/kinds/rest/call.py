"""A request, as presets write it."""

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import Field

from bubbled.directory.kinds.rest.template import names_in
from bubbled.directory.kinds.rest.value import AnyTree, HeaderName, OneTemplate, Path
from bubbled.settings.value import Section, Text

BASE_URL: Final = "base_url"
"""The variable to which the paths of all requests are added."""


class Call(Section):
    """A request. Values in path and query are quoted; a table or list in the query is written as JSON."""

    method: Literal["GET", "POST"] = "GET"
    path: Path
    query: Mapping[Text, AnyTree] = Field(default_factory=dict)
    headers: Mapping[HeaderName, OneTemplate] = Field(default_factory=dict)
    body: AnyTree = None

    @property
    def names(self) -> tuple[str, ...]:
        """The values that it needs, in the order in which they stand there, each once."""
        trees = (self.path, dict(self.query), dict(self.headers), () if self.body is None else self.body)
        return tuple(dict.fromkeys(names_in(trees)))
