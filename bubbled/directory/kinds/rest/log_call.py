"""What a preset says of writing calls back: docs/directories/call-log.md explains each key to the user."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from bubbled.directory.call_log.record import Result
from bubbled.directory.kinds.rest.call import Call
from bubbled.directory.kinds.rest.template import combined
from bubbled.directory.kinds.rest.value import (
    CALL_FACTS,
    ID,
    NOTATIONS,
    NUMBER,
    SINCE,
    AnyTree,
    FieldName,
    OneExpression,
)
from bubbled.settings.value import Many, Section, Text

_UNKNOWN = {*NOTATIONS, ID, SINCE} - CALL_FACTS - {NUMBER}
_MARKS = {"mark", "mark_uuid", "summary"}
"""Facts that hold the mark."""


def _one_of(*names: str) -> Callable[[str], str]:
    def checked(name: str) -> str:
        if name not in names:
            raise ValueError(f"has no word for {name}; known are {', '.join(names)}")
        return name

    return checked


class Words(Section):
    """What `${direction}` and `${result}` are called there."""

    direction: Mapping[Annotated[str, AfterValidator(_one_of("inbound", "missed", "outbound"))], Text] = (
        Field(default_factory=dict)
    )
    result: Mapping[Annotated[str, AfterValidator(_one_of(*Result))], Text] = Field(default_factory=dict)


class Find(Call):
    """A request that looks for a call that may have been written.

    Attributes:
        records: gives the list of what was found.
        mark: gives of each the text in which the mark stands.
        after_s: how long a new record may stay hidden from it.
        most: how many records one answer holds at most; a full answer without the mark tells nothing.
    """

    records: OneExpression
    mark: OneExpression
    after_s: float = Field(default=120.0, ge=60, le=86_400, allow_inf_nan=False)
    most: int | None = Field(default=None, ge=1)


class LogCall(Call):
    """The request that writes a call.

    Attributes:
        method: a `GET` whose connection breaks is sent once more by HTTP libraries and proxies.
        rights: what the account must be allowed besides reading.
        created: finds the id of the new record in the answer; without one, any answer of success will do.
        refused: finds something in an answer of success that tells that nothing was written.
        exists: statuses that tell that there is a record with this id already.
        kind: the field of a contact that tells what sort of record it is.
        kinds: what is put into the body for each sort; calls with contacts of another sort are not written.
        find: without it a call of which nobody knows if it was written is left as it is, and the user told.
    """

    method: Literal["POST"] = "POST"
    rights: Text
    created: OneExpression | None = None
    refused: OneExpression | None = None
    exists: Many[int] = ()
    kind: FieldName | None = None
    kinds: Mapping[Text, AnyTree] = Field(default_factory=dict)
    words: Words = Field(default_factory=Words)
    find: Find | None = None

    def of_kind(self, kind: str | None) -> Call:
        """The request for a contact of some sort."""
        added = self.kinds.get(kind or "")
        body: Any = self.body if added is None else combined(self.body or {}, added)
        return Call.model_construct(
            method=self.method, path=self.path, query=self.query, headers=self.headers, body=body
        )

    @model_validator(mode="after")
    def _can_be_found_again(self) -> Self:
        if (self.kind is None) != (not self.kinds):
            raise ValueError("needs kinds exactly beside kind")
        written = {*self.names, *(name for kind in self.kinds for name in self.of_kind(kind).names)}
        looked_by = () if self.find is None else self.find.names
        for name in sorted({*written, *looked_by} & _UNKNOWN):
            raise ValueError(f"uses ${{{name}}}, which is not known there")
        if "contact_id" not in written:
            raise ValueError("writes a call without ${contact_id}, so with nobody")
        if self.find is not None and written.isdisjoint(_MARKS):
            raise ValueError("needs ${mark}, ${mark_uuid} or ${summary}, by which find knows it again")
        if self.exists and "mark_uuid" not in written:
            raise ValueError("can tell by exists only a record whose id is ${mark_uuid}")
        return self
