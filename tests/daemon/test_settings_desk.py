from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
import tomlkit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bubbled.control.settings import NewOrder, NewTables, NewText, NewValues, checked_json, settings_json
from bubbled.daemon.settings_desk import SettingsDesk
from bubbled.error import BubbledError, ConfigError, PbxError
from bubbled.settings.field import FieldKind
from bubbled.settings.file import ChangedMeanwhileError
from bubbled.settings.form import forms
from bubbled.settings.mistake import InvalidSettings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bubbled.control.settings import SettingsChange, SettingsState
    from bubbled.daemon.daemon import Daemon
    from bubbled.daemon.port import DaemonPort
    from bubbled.settings.field import FieldForm
    from bubbled.settings.form import SectionForm

SECRET = "hunter2-Zk9"
TEXT = f"""\
# Mine.
[me]
extension = "101"  # my own
region = "NL"

[pbx]
host = "localhost"
username = "bubbled"
secret = "{SECRET}"

# Customers.
[[directory]]
name = "CRM"
kind = "rest"
preset = "hubspot"
variables = {{ portal = "1" }}
secrets = {{ key = "{SECRET}" }}

# Files.
[[directory]]
name = "File"
kind = "csv"
path = "~/x.csv"
"""


class Office:
    """Settings and somebody who applies them, or refuses to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.path.write_text(TEXT)
        self.path.chmod(0o600)
        self.refusal: BubbledError | None = None
        self.applied: list[str] = []
        self.desk = SettingsDesk(path, self._reload)

    async def _reload(self) -> Sequence[str]:
        if self.refusal is not None:
            raise self.refusal
        self.applied.append(self.path.read_text())
        return ("history.path is used from the next start of bubbled on",)

    async def digest(self) -> str:
        return (await self.desk.state()).digest or ""

    async def change(self, path: tuple[str | int, ...], value: Any) -> SettingsState:
        return await self.desk.save(NewValues(await self.digest(), {path: value}))


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return Office(tmp_path / "config.toml")


async def test_what_is_saved_is_applied_and_all_else_stays(office: Office) -> None:
    state = await office.change(("me", "extension"), "102")
    assert office.applied == [TEXT.replace("101", "102")]
    assert office.path.read_text() == office.applied[0]
    assert (state.document["me"]["extension"], state.undo, state.mistakes) == ("102", 1, ())
    assert state.warnings[-1] == "history.path is used from the next start of bubbled on"


async def test_a_key_can_be_taken_out(office: Office) -> None:
    change = NewValues(await office.digest(), {}, absent=(("directory", 0, "variables", "portal"),))
    state = await office.desk.save(change)
    assert state.document["directory"][0]["variables"] == {}


async def test_what_would_be_wrong_is_neither_written_nor_applied(office: Office) -> None:
    with pytest.raises(InvalidSettings) as refused:
        await office.change(("me", "region"), "XX")
    assert [(each.key, each.line) for each in refused.value.mistakes] == [("me.region", 4)]
    assert (office.path.read_text(), office.applied) == (TEXT, [])


async def test_what_would_be_wrong_is_told_before(office: Office) -> None:
    digest = await office.digest()
    wrong = await office.desk.check(NewValues(digest, {("me", "region"): "XX"}))
    assert [each.key for each in wrong.mistakes] == ["me.region"]
    right = await office.desk.check(NewValues(digest, {("pbx", "secret"): {"env": "X"}}))
    assert (right.mistakes, len(right.warnings)) == ((), 1)
    assert (office.path.read_text(), office.applied) == (TEXT, [])


async def test_what_cannot_be_applied_is_taken_back(office: Office) -> None:
    office.refusal = PbxError("The certificate cannot be used.")
    with pytest.raises(ConfigError, match=r"Nothing is changed: The certificate cannot be used\."):
        await office.change(("me", "extension"), "102")
    assert office.path.read_text() == TEXT
    assert (await office.desk.state()).undo == 0


async def test_the_second_page_that_saves_is_told(office: Office) -> None:
    seen = await office.digest()
    await office.desk.save(NewValues(seen, {("me", "extension"): "102"}))
    for change in (
        NewValues(seen, {("me", "extension"): "103"}),
        NewText(seen, TEXT),
        NewOrder(seen, "directory", (1, 0)),
        NewTables(seen, "directory", []),
    ):
        with pytest.raises(ChangedMeanwhileError, match="nothing was saved"):
            await office.desk.save(change)
    assert len(office.applied) == 1


async def test_a_change_can_be_undone(office: Office) -> None:
    state = await office.change(("me", "extension"), "102")
    assert state.digest is not None
    undone = await office.desk.undo(state.digest)
    assert (office.path.read_text(), office.applied[-1], undone.undo) == (TEXT, TEXT, 0)
    with pytest.raises(ConfigError, match="no change of bubbled to undo"):
        await office.desk.undo(undone.digest or "")


async def test_what_cannot_be_applied_any_more_is_undone_and_told(office: Office) -> None:
    state = await office.change(("me", "extension"), "102")
    office.refusal = ConfigError("The secret is gone.")
    undone = await office.desk.undo(state.digest or "")
    assert office.path.read_text() == TEXT
    assert "the ones before still count: The secret is gone." in undone.warnings[-1]


async def test_tables_are_put_into_another_order_with_their_comments(office: Office) -> None:
    await office.desk.save(NewOrder(await office.digest(), "directory", (1, 0)))
    text = office.path.read_text()
    assert text.index("# Files.") < text.index('"File"') < text.index("# Customers.") < text.index('"CRM"')


async def test_a_list_is_replaced_and_keeps_the_secrets_that_were_not_sent(office: Office) -> None:
    state = await office.desk.state()
    crm, file = state.document["directory"]
    assert SECRET not in json.dumps(crm)
    new = {"name": "New", "kind": "vcard", "path": "~/y.vcf"}
    await office.desk.save(NewTables(state.digest or "", "directory", [new, file, crm | {"timeout_s": 5}]))
    text = office.path.read_text()
    assert f'secrets = {{ key = "{SECRET}" }}\ntimeout_s = 5\n' in text
    assert text.index('"New"') < text.index("# Files.") < text.index("# Customers.")


async def test_a_secret_is_kept_or_replaced_as_the_page_wishes(office: Office) -> None:
    await office.change(("pbx",), {"host": "localhost", "username": "other", "secret": {"kept": True}})
    assert f'username = "other"\nsecret = "{SECRET}"\n' in office.path.read_text()
    await office.change(("pbx", "secret"), {"env": "BUBBLED"})
    assert 'secret = { env = "BUBBLED" }' in office.path.read_text()


async def test_a_secret_cannot_be_brought_into_the_open(office: Office) -> None:
    moved = {"kept": True, "at": ["pbx", "secret"]}
    with pytest.raises(ConfigError, match="cannot be kept"):
        await office.change(("me", "name"), moved)
    office.path.write_text(TEXT.replace("[me]", "[me"))
    state = await office.desk.state()
    assert state.text is not None
    stolen = state.text.replace("[me", '[me]\nname = "«secret-1»"', 1)
    with pytest.raises(InvalidSettings, match="for all to read"):
        await office.desk.save(NewText(state.digest, stolen))


@pytest.mark.parametrize("line", range(len(TEXT.splitlines())))
async def test_a_file_that_is_broken_in_any_line_is_shown_without_secrets_and_repaired(
    office: Office, line: int
) -> None:
    lines = TEXT.splitlines(keepends=True)
    if not lines[line].strip() or lines[line].startswith("#"):
        return
    lines[line] = lines[line].replace("]", "", 1) if "[" in lines[line] else lines[line].replace("=", " ", 1)
    office.path.write_text("".join(lines))
    state = await office.desk.state()
    assert state.text is not None
    assert SECRET not in json.dumps(settings_json(state))
    assert [each.line for each in state.mistakes] in ([line + 1], [line + 2])
    shown = state.text.splitlines(keepends=True)
    # The user types the line anew, the secret too where it was in it.
    shown[line] = TEXT.splitlines(keepends=True)[line]
    mended = await office.desk.save(NewText(state.digest, "".join(shown)))
    assert (office.path.read_text(), mended.mistakes) == (TEXT, ())
    await office.desk.undo(mended.digest or "")
    assert office.path.read_text() == "".join(lines)


async def test_settings_with_mistakes_are_told_with_all_of_them_and_their_text(office: Office) -> None:
    office.path.write_text(TEXT.replace("region", "regoin").replace('"csv"', '"cvs"'))
    state = await office.desk.state()
    assert [(each.key, each.line) for each in state.mistakes] == [("me.regoin", 4), ("directory[2].kind", 22)]
    assert state.text is not None
    assert 'regoin = "NL"' in state.text
    assert state.document["directory"][1]["kind"] == "cvs"


async def test_what_somebody_else_writes_is_seen_at_once(office: Office) -> None:
    for extension in ("101", "102", "101"):
        office.path.write_text(TEXT.replace("101", extension))
        assert (await office.desk.state()).document["me"]["extension"] == extension


async def test_a_file_that_is_gone_or_no_text_is_told(office: Office) -> None:
    office.path.write_bytes(b"\xff")
    state = await office.desk.state()
    assert (state.digest, state.text, state.document) == (None, None, {})
    assert "UTF-8" in state.mistakes[0].text
    office.path.unlink()
    gone = await office.desk.state()
    assert "does not exist" in gone.mistakes[0].text
    made = await office.desk.save(NewText(None, TEXT))
    assert (made.digest, made.mistakes) == (await office.digest(), ())


async def test_a_new_file_that_cannot_be_applied_is_told(office: Office) -> None:
    office.path.unlink()
    office.refusal = ConfigError("The secret is gone.")
    with pytest.raises(ConfigError, match="is in the file, but cannot be applied"):
        await office.desk.save(NewText(None, TEXT))


async def test_a_value_that_toml_cannot_hold_is_refused(office: Office) -> None:
    deep = json.loads("[" * 900 + "]" * 900)
    for value in (None, [None], {"a": None}, "\ud800", deep):
        with pytest.raises(ConfigError):
            await office.change(("me", "name"), value)
    assert office.path.read_text() == TEXT


# A secret in every place that the schema allows, and in some that it does not.


def places() -> list[tuple[SectionForm, FieldForm]]:
    kinds = {FieldKind.SECRET, FieldKind.SECRETS}
    return [(section, field) for section in forms() for field in section.fields if field.kind in kinds]


secrets = st.sampled_from(
    [SECRET, {"command": ["echo", SECRET]}, {"unknown": SECRET}, [SECRET], {"env": "X", "password": SECRET}]
)


def with_secret(section: SectionForm, field: FieldForm, value: Any) -> dict[str, Any]:
    document: Any = tomlkit.parse(TEXT).unwrap()
    document["directory"] = [{"name": "X", "kind": section.key.partition(".")[2] or "csv"}]
    *above, last = field.path
    table = document
    for step in above:
        table = table[step] if isinstance(step, int) else table.setdefault(step, {})
    table[last] = {"env": value, "other": value} if field.kind is FieldKind.SECRETS else value
    return dict(document)


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=60)
@given(place=st.sampled_from(places()), value=secrets, damage=st.sampled_from(["", "\n[x", "\ny = "]))
async def test_no_answer_ever_holds_a_secret(
    office: Office, place: tuple[SectionForm, FieldForm], value: Any, damage: str
) -> None:
    office.path.write_text(tomlkit.dumps(with_secret(*place, value)) + damage)
    state = await office.desk.state()
    answers = [json.dumps(settings_json(state))]
    digest = state.digest or ""
    changes: list[SettingsChange] = [
        NewValues(digest, {("me", "extension"): "103"}),
        NewValues(digest, {("me", "extension"): 103}),
        NewText(state.digest, state.text or TEXT),
        NewTables(digest, "directory", state.document.get("directory", [])),
        NewOrder(digest, "directory", (0,)),
    ]
    for change in changes:
        try:
            answers.append(json.dumps(checked_json(await office.desk.check(change))))
            answers.append(json.dumps(settings_json(await office.desk.save(change))))
        except BubbledError as error:
            answers.append(str(error))
    assert [answer for answer in answers if SECRET in answer] == []


# In a whole daemon.


async def test_a_daemon_applies_what_is_saved_and_takes_back_what_it_cannot(
    daemon: Daemon, port: DaemonPort, settings_file: Path
) -> None:
    state = await port.settings()
    assert state.mistakes == ()
    changed = await port.save_settings(NewValues(state.digest or "", {("popup", "missed"): False}))
    assert daemon.settings.popup.missed is False
    before = await asyncio.to_thread(settings_file.read_text)
    with pytest.raises(ConfigError, match="Nothing is changed: The PBX secret is wanted in the environment"):
        await port.save_settings(NewValues(changed.digest or "", {("pbx", "secret"): {"env": "NOT_SET"}}))
    assert await asyncio.to_thread(settings_file.read_text) == before
    undone = await port.undo_settings(changed.digest or "")
    assert daemon.settings.popup.missed is True
    assert undone.digest == state.digest
    checked = await port.check_settings(NewValues(state.digest or "", {("popup", "missed"): 3}))
    assert [each.key for each in checked.mistakes] == ["popup.missed"]
