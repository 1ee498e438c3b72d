from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.directory.fakes.base import Person, Trouble
from tests.directory.fakes.hubspot import HubSpot

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.shell import Bubbled, Terminal

QUERY = "SELECT name, company, phone, city FROM customer WHERE substr(replace(phone, '-', ''), -9) = :tail"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "crm.sqlite")) as database:
        database.execute("CREATE TABLE customer (name, company, phone, city)")
        rows = [
            ("Jan Jansen", "Bakkerij De Vries", "06-12345678", "Utrecht"),
            ("Piet \x1b[31m<b>", None, "0612345678", "a\tb"),
        ]
        database.executemany("INSERT INTO customer VALUES (?, ?, ?, ?)", rows)
        database.commit()
    path = tmp_path / "config.toml"
    path.write_text(
        '[me]\nextension = "101"\nregion = "NL"\n'
        '[pbx]\nhost = "127.0.0.1"\nusername = "cti"\nsecret = { env = "AMI_SECRET" }\n'
        f'[[directory]]\nname = "CRM"\nkind = "sql"\nurl = "sqlite:///{tmp_path}/crm.sqlite"\n'
        f'query = "{QUERY}"\n'
        f'[[directory]]\nname = "Gone"\nkind = "csv"\npath = "{tmp_path}/gone.csv"\n'
        '[[directory]]\nname = "HubSpot"\nkind = "rest"\npreset = "hubspot"\n'
        'variables = { portal = "1", base_url = "http://127.0.0.1:9" }\n'
        'secrets = { key = { env = "HUBSPOT" } }\n'
    )
    return path


async def test_all_that_a_directory_knows_is_told(bubbled: Bubbled, config: Path) -> None:
    ended = await bubbled("directory", "test", "CRM", "0612345678", "--config", config)
    assert (ended.status, ended.err) == (0, "")
    assert "Asks nobody" in ended.out
    assert "Answer: hit" in ended.out
    assert "\n\n1/2  Jan Jansen, Bakkerij De Vries\n" in ended.out
    assert "city\tUtrecht" in ended.out
    assert "\x1b" not in ended.out
    assert "city\ta b" in ended.out


async def test_contacts_that_came_back_with_another_number_are_counted(
    bubbled: Bubbled, config: Path
) -> None:
    ended = await bubbled("directory", "test", "CRM", "+32612345678", "--config", config)
    assert (ended.status, "Answer: miss" in ended.out) == (0, True)
    assert "None has the number: it answered with 2 contacts, none with this number." in ended.out


async def test_a_program_reads_json(bubbled: Bubbled, config: Path) -> None:
    ended = await bubbled("directory", "test", "CRM", "0612345678", "--config", config, "--json")
    told = json.loads(ended.out)
    assert (told["directory"], told["outcome"], told["hosts"]) == ("CRM", "hit", [])
    assert [match["name"] for match in told["matches"]] == ["Jan Jansen", "Piet \x1b[31m<b>"]


async def test_a_terminal_shows_the_fields_in_a_table(terminal: Terminal, config: Path) -> None:
    seen = await terminal("directory", "test", "CRM", "0612345678", "--config", config)
    assert "Utrecht" in seen.screen
    assert "Value" in seen.screen


async def test_who_is_told_what_is_said_also_when_nobody_answers(bubbled: Bubbled, config: Path) -> None:
    ended = await bubbled(
        "directory", "test", "HubSpot", "0612345678", "--config", config, HUBSPOT="pat-hunter2"
    )
    assert ended.status == 1
    assert "Asks: 127.0.0.1:9, about 612345678" in ended.out
    assert "Answer: error" in ended.out
    assert "hunter2" not in ended.out + ended.err


async def test_a_directory_that_cannot_answer_says_why(bubbled: Bubbled, config: Path) -> None:
    ended = await bubbled("directory", "test", "Gone", "0612345678", "--config", config)
    assert (ended.status, "gone.csv" in ended.out) == (1, True)


async def test_an_answer_that_does_not_come_is_told_once(bubbled: Bubbled, config: Path) -> None:
    fake = HubSpot(trouble=Trouble.SLOW)
    async with fake.serve() as url:
        lead_to(url, config)
        limit_time("HubSpot", config)
        ended = await bubbled("directory", "test", "HubSpot", "0612345678", "--config", config, HUBSPOT="x")
    assert ended.out.splitlines()[-1] == "no answer within 0.2 s"


def limit_time(name: str, config: Path) -> None:
    config.write_text(config.read_text().replace(f'"{name}"', f'"{name}"\ntimeout_s = 0.2'))


def switch_off(kind: str, config: Path) -> None:
    config.write_text(config.read_text().replace(f'kind = "{kind}"', f'kind = "{kind}"\nenabled = false'))


async def test_one_that_is_switched_off_is_asked_and_said_to_be_so(bubbled: Bubbled, config: Path) -> None:
    words = ("directory", "test", "CRM", "0612345678", "--config", config)
    assert "switched off" not in (await bubbled(*words)).err
    switch_off("sql", config)
    ended = await bubbled(*words)
    assert (ended.status, "Jan Jansen" in ended.out) == (0, True)
    assert "no call asks it until its settings say enabled = true" in ended.err


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("CMR", "0612345678"), 1, 'no directory "CMR"; did you mean "CRM"?'),
        (("Quite another", "0612345678"), 1, "there are: CRM, Gone, HubSpot."),
        (("CRM", "jan"), 2, "no possible phone number"),
    ],
)
async def test_what_cannot_be_asked_is_refused(
    bubbled: Bubbled, config: Path, words: tuple[str, str], status: int, said: str
) -> None:
    ended = await bubbled("directory", "test", *words, "--config", config)
    assert (ended.status, ended.out) == (status, "")
    assert said in ended.err


def lead_to(url: str, config: Path) -> None:
    config.write_text(config.read_text().replace("http://127.0.0.1:9", url))


async def test_what_was_recorded_answers_again_and_tells_nothing_of_anybody(
    bubbled: Bubbled, config: Path, tmp_path: Path
) -> None:
    fake = HubSpot(people=[Person("101", "Jan Jansen", mobile="06-12345678", city="Utrecht")])
    async with fake.serve() as url:
        lead_to(url, config)
        words = ("directory", "test", "HubSpot", "0612345678", "--config", config, "--record")
        token = fake.credentials["token"]
        ended = await bubbled(*words, tmp_path / "exchange.jsonl", HUBSPOT=token)
        assert (ended.status, "Jan Jansen" in ended.out) == (0, True)
        again = await bubbled(*words, tmp_path / "exchange.jsonl", HUBSPOT=token)
    assert (again.status, "give another file" in again.out) == (1, True)
    text = (tmp_path / "exchange.jsonl").read_text()
    assert not any(private in text for private in ("Jan", "Utrecht", "12345678", token, url))
    replayed = await bubbled("directory", "replay", "hubspot", tmp_path / "exchange.jsonl")
    assert replayed.status == 0
    assert "Xxx Xxxxxx" in replayed.out


async def test_only_exchanges_with_a_provider_are_recorded(
    bubbled: Bubbled, config: Path, tmp_path: Path
) -> None:
    file = tmp_path / "exchange.jsonl"
    ended = await bubbled("directory", "test", "CRM", "0612345678", "--config", config, "--record", file)
    assert (ended.status, file.exists()) == (2, False)
    ended = await bubbled("directory", "replay", "hubspot", config)
    assert (ended.status, len(ended.err.splitlines())) == (1, 1)


async def test_a_recording_of_something_else_leaves_nothing_but_json_on_the_output(
    bubbled: Bubbled, tmp_path: Path
) -> None:
    file = tmp_path / "exchange.jsonl"
    file.write_text('{"recording": 1, "number": "+31634567890", "variables": {"portal": "1"}}\n')
    ended = await bubbled("directory", "replay", "hubspot", file, "--json")
    assert (ended.status, ended.err) == (1, "")
    assert "holds no such request" in json.loads(ended.out)["error"]


async def test_the_presets_are_listed_and_printed(bubbled: Bubbled) -> None:
    listed = (await bubbled("directory", "presets")).out
    assert "hubspot\tHubSpot" in listed
    told = json.loads((await bubbled("directory", "presets", "--json")).out)
    assert {"preset", "title", "rights", "verified"} <= told["presets"][0].keys()
    assert "[auth]" in (await bubbled("directory", "presets", "hubspot")).out
    unknown = await bubbled("directory", "presets", "hubspt")
    assert (unknown.status, "hubspot" in unknown.err) == (1, True)
