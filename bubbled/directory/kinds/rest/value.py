"""The kinds of value that presets are made of.

Templates and expressions are taken apart while a preset is read, so that every mistake in them is told with
its key.

`context` of the validation holds the names of the preset's own variables as `variables`.
"""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, InstanceOf, ValidationInfo

from bubbled.directory.call_log.fact import Fact
from bubbled.directory.kinds.rest.expression import Expression, compile_expression
from bubbled.directory.kinds.rest.template import Template, Tree, names_in, parse, parse_tree
from bubbled.directory.notation import Notation
from bubbled.settings.suggestion import nearest
from bubbled.settings.value import Many, Text

SINCE = "since"
"""In a request that synchronises: the newest timestamp that was seen before."""

ID = "id"
"""In the address of a contact's page: what the source calls the record."""

NUMBER = "number"
"""In a request that is made for each of several notations: the number in the one whose turn it is."""

NOTATIONS = frozenset(Notation)
"""In a request that searches: the number, in one of its notations."""

CALL_FACTS = frozenset(Fact)
"""In a request that writes a call, or looks for one."""


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise ValueError("must be text in quotes")


def _expression(value: object) -> Expression:
    return compile_expression(_text(value))


def _in_a_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _tree(value: object, info: ValidationInfo) -> Tree:
    tree = parse_tree(value)
    known = {*(info.context or {}).get("variables", ()), *NOTATIONS, *CALL_FACTS, NUMBER, SINCE, ID}
    for name in names_in(tree):
        if name not in known:
            meant = nearest(name, known)
            hint = f"; did you mean ${{{meant}}}?" if meant else "; describe it in [variables]"
            raise ValueError(f"uses ${{{name}}}, which stands for nothing{hint}")
    return tree


def _template(value: object, info: ValidationInfo) -> Template:
    template = parse(_text(value))
    _tree(value, info)
    return template


def _path(template: Template) -> Template:
    first = template.parts[0] if template.parts else ""
    texts = [part for part in template.parts if isinstance(part, str)]
    if not (isinstance(first, str) and first.startswith("/")) or any("?" in text for text in texts):
        raise ValueError('must begin with "/"; what follows a "?" belongs into query')
    return template


def _credential(value: object) -> Template:
    return parse(_text(value))


def _header_name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]+", text):
        raise ValueError("must be the name of a header")
    return text


def _field_name(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", text):
        raise ValueError("must be a word of small letters, digits and _, as it is written in layouts")
    return text


Path = Annotated[InstanceOf[Template], BeforeValidator(_template), AfterValidator(_path)]
"""What follows the base address, without query."""

OneTemplate = Annotated[InstanceOf[Template], BeforeValidator(_template)]
"""Text with places for values."""

AnyTree = Annotated[Any, BeforeValidator(_tree)]
"""Anything that JSON can hold, with places for values in its text."""

OneExpression = Annotated[InstanceOf[Expression], BeforeValidator(_expression)]
"""A JMESPath expression."""

Expressions = Annotated[Many[OneExpression], BeforeValidator(_in_a_list)]
"""JMESPath expressions; one may stand without brackets."""


HeaderName = Annotated[Text, AfterValidator(_header_name)]
"""The name of an HTTP header."""

FieldName = Annotated[Text, AfterValidator(_field_name)]
"""How layouts call a field: `$city`."""

CredentialTemplate = Annotated[InstanceOf[Template], BeforeValidator(_credential)]
"""Text with a place for a secret."""
