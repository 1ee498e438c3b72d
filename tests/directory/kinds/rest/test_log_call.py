"""What a preset may say of writing calls."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from bubbled.directory.call_log.fact import Fact
from bubbled.directory.kinds.rest import loading
from bubbled.directory.kinds.rest.template import fill_tree, names_in
from tests.directory.kinds.rest.carrier import preset

GUIDE = Path(__file__).parents[4] / "docs" / "directories" / "call-log.md"

SEARCH = """
[[search]]
path = "/contacts"
query = { phone = "${national}" }
[search.mapping]
records = "contacts"
id = "id"
name = "name"
numbers = "phone"
fields = { record = "kind" }
"""
LOG = """
[log_call]
rights = "write"
path = "/calls"
body = { who = "${contact_id}", text = "${summary}" }
"""


def refused(text: str) -> str:
    with pytest.raises(ValidationError) as error:
        preset(SEARCH + text)
    return str(error.value)


def test_what_differs_between_sorts_of_contacts_is_put_into_the_request() -> None:
    log = preset(
        SEARCH
        + """
[log_call]
rights = "write"
path = "/calls"
kind = "record"
body = { data = [{ text = "${note}", to = { type = "call" } }] }
[log_call.kinds]
contact = { data = [{ to = { id = "${contact_id}" } }] }
company = { company = "${contact_id}" }
"""
    ).log_call
    assert log is not None
    values = {"contact_id": "7", "note": "n"}
    assert fill_tree(log.of_kind("contact").body, values) == {
        "data": [{"text": "n", "to": {"type": "call", "id": "7"}}]
    }
    assert fill_tree(log.of_kind("company").body, values) == {
        "data": [{"text": "n", "to": {"type": "call"}}],
        "company": "7",
    }
    assert set(names_in(log.of_kind("contact").body)) == set(values)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (LOG.replace("${contact_id}", "x"), "so with nobody"),
        (f'{LOG}method = "GET"', "Input should be 'POST'"),
        (LOG.replace("${summary}", "${national}"), "uses ${national}, which is not known there"),
        (LOG.replace("${summary}", "${sumary}"), "did you mean ${summary}"),
        (
            LOG + '[log_call.find]\npath="/f/${e164}"\nrecords="@"\nmark="m"\n',
            "uses ${e164}, which is not known there",
        ),
        (LOG + 'kind = "record"\n', "needs kinds exactly beside kind"),
        (LOG + "exists = [409]\n", "can tell by exists only"),
        (LOG + 'words.direction = { sideways = "S" }\n', "has no word for sideways"),
        (LOG + 'words.result = { lost = "L" }\n', "has no word for lost"),
        (
            LOG.replace("${summary}", "${note}") + '[log_call.find]\npath="/f"\nrecords="@"\nmark="m"\n',
            "by which find knows it again",
        ),
        (
            LOG + '[log_call.find]\npath="/f"\nrecords="@"\nmark="m"\nafter_s = 5\n',
            "greater than or equal to 60",
        ),
        (LOG + 'kind = "sort"\nkinds.a = { a = 1 }\n', "needs sort among the fields"),
    ],
)
def test_every_mistake_is_told(text: str, reason: str) -> None:
    assert reason in refused(text)


def test_only_a_request_that_writes_a_call_knows_of_calls() -> None:
    assert "only [log_call] knows" in refused(
        SEARCH.replace("${national}", "${note} ${national}").replace("/contacts", "/leads")
    )


def test_calls_can_be_written_only_with_what_can_be_searched() -> None:
    sync = (
        '[[sync]]\npath = "/contacts"\n[sync.mapping]\nrecords = "@"\nid = "id"\nname = "n"\nnumbers = "p"\n'
    )
    with pytest.raises(ValidationError, match="only beside"):
        preset(sync + LOG)


def test_the_example_in_the_template_for_presets_can_be_taken() -> None:
    text = (loading.FOLDER / "generic.toml").read_text()
    at = text.index("# [log_call]")
    example = re.sub(r"^# ?", "", text[at:], flags=re.MULTILINE)
    log = preset(SEARCH + example).log_call
    assert log is not None
    assert log.find is not None


def test_the_guide_tells_every_fact() -> None:
    told = set(re.findall(r"\$\{([a-z_]+)\}", GUIDE.read_text()))
    assert told >= set(Fact)
