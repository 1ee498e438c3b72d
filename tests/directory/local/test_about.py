from __future__ import annotations

import json

import pytest

from bubbled.directory.entry import Rejected
from bubbled.directory.local.about import About


def test_what_was_written_is_read() -> None:
    about = About("x", 5, 9, 1, (Rejected("row 3", "no name"),), token='{"a": "ü"}', at=1.5)
    assert About.read(about.written()) == about


@pytest.mark.parametrize("text", ["", "[]", "{}", "7", '{"format": 2}', '{"format": 2, "examples": 5}'])
def test_what_nobody_wrote_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        About.read(text)


def test_another_version_is_refused() -> None:
    body = json.loads(About("x").written())
    with pytest.raises(ValueError, match="another version"):
        About.read(json.dumps(body | {"format": 1}))
