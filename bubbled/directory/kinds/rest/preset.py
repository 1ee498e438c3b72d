"""What a preset may hold: how one provider is asked, and what its answers mean.

docs/directories/rest.md explains each key to the user, and presets/generic.toml shows them.
"""

from collections.abc import Collection, Mapping
from typing import Self

from pydantic import Field, model_validator

from bubbled.directory.kinds.rest.account import OWN_VARIABLES, SECRETS, Auth
from bubbled.directory.kinds.rest.call import BASE_URL, Call
from bubbled.directory.kinds.rest.log_call import LogCall
from bubbled.directory.kinds.rest.value import (
    CALL_FACTS,
    ID,
    NOTATIONS,
    NUMBER,
    SINCE,
    Expressions,
    FieldName,
    OneExpression,
    OneTemplate,
    Path,
)
from bubbled.directory.notation import Notation
from bubbled.settings.value import Lax, Many, Section, Text, VariableName


class About(Section):
    """What the user should know before choosing a preset.

    Attributes:
        description: one line.
        rights: the least that the account needs.
        verified: how we know that it works.
    """

    title: Text
    description: Text
    documentation: Text
    rights: Text
    verified: Text


class Variable(Section):
    """Something that the preset leaves to the user; without `default` it must be given."""

    about: Text
    example: Text | None = None
    default: OneTemplate | None = None


class RateLimit(Section):
    """How many requests the provider takes in so many seconds."""

    count: int = Field(ge=1)
    per_s: float = Field(gt=0, allow_inf_nan=False)


class Errors(Section):
    """How an answer with a status of success tells that it is none: expressions that then find something."""

    failed: OneExpression | None = None
    denied: OneExpression | None = None
    busy: OneExpression | None = None


class RecordMapping(Section):
    """Where in an answer the contacts are, and where in each what is.

    Attributes:
        records: gives the list of contacts in the answer; the other expressions are applied to each.
        name: what these give is put together with blanks; likewise company.
        numbers: each gives one number or a list of them.
        mains: those of a company's main number, behind which there are direct numbers.
        last_contact: when somebody was last in touch with the contact, in ISO 8601.
        url: the address of the contact's page; may hold `${id}`.
        fields: what else a popup may show.
    """

    records: OneExpression
    id: OneExpression | None = None
    name: Expressions = ()
    company: Expressions = ()
    numbers: Expressions = ()
    mains: Expressions = ()
    last_contact: OneExpression | None = None
    url: OneTemplate | None = None
    fields: Mapping[FieldName, OneExpression] = Field(default_factory=dict)


class Search(Call):
    """A request that finds who has a number; it needs at least one notation of it.

    Attributes:
        each: notations for each of which the request is made, with `${number}` in that notation.
        detail: the path of one contact by its `${id}`, for providers whose searches do not show all numbers.
    """

    name: Text = "contacts"
    each: Many[Lax[Notation]] = ()
    detail: Path | None = None
    mapping: RecordMapping

    @property
    def notations(self) -> tuple[Notation, ...]:
        """In which ways it writes the number, and so tells it to the provider."""
        written = tuple(Notation(name) for name in self.names if name in NOTATIONS)
        return tuple(dict.fromkeys((*self.each, *written)))

    @property
    def count(self) -> int:
        """How many requests it takes."""
        return max(1, len(self.each))

    @model_validator(mode="after")
    def _asks_for_a_number(self) -> Self:
        if not self.notations:
            raise ValueError("asks without the number; it needs one of " + ", ".join(sorted(NOTATIONS)))
        if bool(self.each) != (NUMBER in self.names):
            raise ValueError("needs ${number} exactly when it has each")
        if SINCE in self.names or ID in self.names:
            raise ValueError("uses ${since} or ${id}, which are not known there")
        _refuse_facts_of_calls(self.names)
        if self.detail is not None and self.mapping.id is None:
            raise ValueError("needs an id in its mapping for its detail")
        if not (self.mapping.name or self.mapping.company) or not (
            self.mapping.numbers or self.mapping.mains
        ):
            raise ValueError("needs in its mapping a name or a company, and numbers to compare")
        return self


class Paging(Section):
    """How an answer tells where the next page is.

    Attributes:
        next_url: gives its whole address.
        cursor: gives what goes into `parameter` for the next page.
        offset: how many contacts a page holds: `parameter` tells how many to leave out.
    """

    next_url: OneExpression | None = None
    cursor: OneExpression | None = None
    offset: int | None = Field(default=None, ge=1)
    parameter: Text | None = None

    @model_validator(mode="after")
    def _is_one_way(self) -> Self:
        ways = [self.next_url, self.cursor, self.offset]
        if sum(way is not None for way in ways) != 1:
            raise ValueError("needs one of next_url, cursor and offset")
        if (self.next_url is None) != (self.parameter is not None):
            raise ValueError("needs a parameter exactly beside cursor or offset")
        return self


class Changes(Section):
    """How to fetch only what has changed since the last time.

    Attributes:
        next_url: gives, on the last page, the whole address to ask the next time.
        token: gives, on the last page, what goes into `parameter` the next time.
        newest: gives of each record when it changed; `${since}` in the request is the newest.
        first: what `${since}` is the first time.
        gone: finds something in a record that tells of a contact that is no more.
        expired: error codes that tell that the token is too old; status 410 always does.
    """

    next_url: OneExpression | None = None
    token: OneExpression | None = None
    parameter: Text | None = None
    newest: OneExpression | None = None
    first: Text | None = None
    gone: OneExpression | None = None
    expired: Many[Text] = ()

    @model_validator(mode="after")
    def _is_one_way(self) -> Self:
        if sum(way is not None for way in (self.next_url, self.token, self.newest)) != 1:
            raise ValueError("needs one of next_url, token and newest")
        if (self.token is None) != (self.parameter is None):
            raise ValueError("needs a parameter exactly beside token")
        if (self.newest is None) != (self.first is None):
            raise ValueError("needs first exactly beside newest")
        return self


class Sync(Call):
    """A request that fetches contacts into the local index; no number is told to the provider."""

    name: Text = "contacts"
    mapping: RecordMapping
    paging: Paging | None = None
    changes: Changes | None = None
    total: OneExpression | None = None

    @model_validator(mode="after")
    def _fetches_without_a_number(self) -> Self:
        if not {*NOTATIONS, NUMBER}.isdisjoint(self.names):
            raise ValueError("writes a number, which only [[search]] knows")
        _refuse_facts_of_calls(self.names)
        if (SINCE in self.names) != (self.changes is not None and self.changes.newest is not None):
            raise ValueError("needs ${since} exactly when its changes have newest")
        if self.mapping.id is None:
            raise ValueError("needs an id in its mapping")
        return self


class Preset(Section):
    """A whole preset: it finds contacts by `searches`, or, where a provider cannot, by `syncs`."""

    about: About
    variables: Mapping[VariableName, Variable] = Field(default_factory=dict)
    secrets: Mapping[VariableName, Text] = Field(default_factory=dict)
    auth: Auth
    rate: RateLimit | None = None
    may_be_kept: bool = True
    errors: Errors = Field(default_factory=Errors)
    searches: Many[Search] = Field(default=(), alias="search")
    syncs: Many[Sync] = Field(default=(), alias="sync")
    log_call: LogCall | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if bool(self.searches) == bool(self.syncs):
            raise ValueError("a preset needs either [[search]] or [[sync]]")
        if len({sync.name for sync in self.syncs}) < len(self.syncs):
            raise ValueError("has two [[sync]] of the same name")
        if self.log_call is not None and not self.searches:
            raise ValueError("can have [log_call] only beside [[search]]")
        if (kind := self.log_call and self.log_call.kind) and not all(
            kind in search.mapping.fields for search in self.searches
        ):
            raise ValueError(f"needs {kind} among the fields of every [search.mapping], for [log_call]")
        for name in (BASE_URL, *OWN_VARIABLES.get(self.auth.kind, ())):
            if name not in self.variables:
                raise ValueError(f"needs [variables.{name}]")
        if set(self.secrets) != set(SECRETS[self.auth.kind]):
            wanted = " and ".join(SECRETS[self.auth.kind]) or "nothing"
            raise ValueError(f"must describe {wanted} in [secrets], as its kind of auth demands")
        return self


def _refuse_facts_of_calls(names: Collection[str]) -> None:
    for name in names:
        if name in CALL_FACTS - {NUMBER}:
            raise ValueError(f"uses ${{{name}}}, which only [log_call] knows")
