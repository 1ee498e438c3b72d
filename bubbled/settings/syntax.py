"""What `tomllib` says of text that is not TOML, in the user's words."""

from __future__ import annotations

import re

from bubbled.settings.mistake import Mistake

# By how tomllib's message begins. Its own words may repeat keys; a secret may have strayed among them.
_WORDS = {
    "Cannot declare": "this section stands in the file twice; put its keys together",
    "Cannot mutate": "this adds to a section that is complete already; put its keys together",
    "Cannot overwrite": "this key stands in the file twice; keep one of them",
    "Cannot redefine": "this key stands in the file twice; keep one of them",
    "Duplicate": "a key stands twice between the braces; keep one of them",
    "Escaped character": "a backslash in text must be doubled, or the text put in 'single quotes'",
    "Exceeds the limit": "a number is too long",
    'Expected "': "a quote is not closed",
    "Expected '='": "a key needs = and a value",
    "Expected ']": "a section's name needs a bracket, or two, on either side",
    "Expected newline": "only one key and its value can stand on a line, and text needs quotes",
    "Found invalid": "a quote is missing, or a control character stands in the text",
    "Illegal character": "a quote is missing, or a control character stands in the text",
    "Invalid date": "this date does not exist",
    "Invalid hex": "a backslash in text must be doubled, or the text put in 'single quotes'",
    "Invalid initial character": 'a key needs quotes if it holds more than letters, digits, "_" and "-"',
    "Invalid statement": "a line must be [a section], key = value or # a comment",
    "Invalid value": "this is not a value; text needs quotes",
    "Unclosed": "a bracket is not closed, or a comma missing",
    "Unescaped": "a backslash in text must be doubled, or the text put in 'single quotes'",
    "Unterminated": "a quote is not closed",
}


# Time and memory of tomllib grow with the square of a key's parts: a hundred thousand of them take gigabytes.
_ENDLESS_KEY = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){64}""")


def endless_key(text: str) -> Mistake | None:
    """A key that is not to be given to `tomllib`, which would take forever over it."""
    found = _ENDLESS_KEY.search(text)
    if found is None:
        return None
    return Mistake("", text.count("\n", 0, found.start()) + 1, "a key of so many parts is no setting")


def syntax_mistake(complaint: str, text: str) -> Mistake:
    """The mistake in `text` of which `tomllib` says, say, `Invalid value (at line 2, column 5)`.

    Up to Python 3.13 these words are the only place where it tells the position.
    """
    words = next(
        (ours for theirs, ours in _WORDS.items() if complaint.startswith(theirs)), "this is not TOML"
    )
    place = re.search(r"\(at line (\d+), column (\d+)\)$", complaint)
    if place:
        return Mistake("", int(place[1]), f"column {place[2]}: {words}")
    if complaint.endswith("(at end of document)"):
        return Mistake("", text.rstrip("\n").count("\n") + 1, f"the file ends here, but {words}")
    return Mistake("", None, words)
