"""Taking a value, a table or an element of a list out of a TOML text. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.settings.outline import line_end, line_start, outlined

if TYPE_CHECKING:
    from bubbled.settings.outline import Body, Outline, Pair, Span
    from bubbled.settings.position import KeyPath


def without(text: str, path: KeyPath) -> str:
    """Take out all that stands at `path`, with the comments on it; those above a single key stay."""
    outline = outlined(text)
    spans = [_section(outline, at) for at in outline.below(path)]
    spans += [_pair(outline, body, pair) for body, pair in outline.dotted(path)]
    if isinstance(path[-1], int) and not spans:
        spans = [_element(outline, path)]
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:]
    return text


def stays_empty(text: str, path: KeyPath) -> bool:
    """Whether a table of `text` is written as one, and so is there also when nothing is left in it."""
    outline = outlined(text)
    return (
        path in outline.braces
        or path in outline.elements
        or any(section.path == path for section in outline.sections)
    )


def _section(outline: Outline, at: int) -> Span:
    """A section and its comments, with the empty lines on one side of it."""
    start, end = outline.block(at)
    while end < len(outline.text) and not outline.text[end : line_end(outline.text, end)].strip():
        end = line_end(outline.text, end)
    if end == len(outline.text):
        while start > 0 and not outline.text[line_start(outline.text, start - 1) : start].strip():
            start = line_start(outline.text, start - 1)
    return start, end


def _pair(outline: Outline, body: Body, pair: Pair) -> Span:
    if body in outline.sections:
        return line_start(outline.text, pair.start), line_end(outline.text, pair.end)
    spans = [(each.start, each.end) for each in body.pairs]
    return _between_commas(outline.text, spans, body.pairs.index(pair))


def _element(outline: Outline, path: KeyPath) -> Span:
    *above, index = path
    return _between_commas(outline.text, outline.elements[tuple(above)], int(index))


def _between_commas(text: str, spans: list[Span], at: int) -> Span:
    """One of the things between commas, with one comma; all comments stay."""
    start, end = spans[at]
    if at + 1 < len(spans):
        return start, _behind_comma(text, end, spans[at + 1][0])
    if at > 0 and not text[spans[at - 1][1] : start].strip(", \t\r\n"):
        return spans[at - 1][1], end
    # What is left ends with the comma before it, or is nothing; the one behind it would be too many.
    return start, text.index(",", end) + 1 if text[end:].lstrip().startswith(",") else end


def _behind_comma(text: str, end: int, following: int) -> int:
    """Where what follows begins; where the line of the comma ends, if comments come before that."""
    between = text[end:following]
    if "#" in between:
        before, _, _ = between.partition("#")
        return end + before.index(",") + 1 if "," in before else end
    return following
