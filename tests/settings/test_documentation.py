"""The example and the reference stay in step with what can be set."""

import re
from pathlib import Path

import pytest
from pydantic.fields import FieldInfo

from bubbled.settings.directory import MODELS, CommonSettings
from bubbled.settings.loading import load
from bubbled.settings.position import KeyPath
from bubbled.settings.schema import keys_at

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config" / "bubbled.toml"
REFERENCE = (ROOT / "docs" / "settings.md").read_text()

SECTIONS = [
    "me",
    "pbx",
    "pbx.sip",
    "team",
    "dial",
    "directory",
    "lookup",
    "lookup.tier.2",
    "popup",
    "popup.layout",
    "popup.window",
    "button",
    "tray",
    "history",
    "pages",
    "log",
]


def path_of(section: str) -> KeyPath:
    return tuple(section.split("."))


def all_possibilities() -> str:
    """The example with every possibility taken but the places of the secret, of which there can be one."""
    lines = [re.sub(r"^#(?=[a-z0-9_]+ = |\[)", "", line) for line in EXAMPLE.read_text().splitlines()]
    secrets = [line for line in lines if line.startswith("secret")]
    return "\n".join(line for line in lines if line not in secrets[1:])


def reference_of(section: str) -> dict[str, str]:
    """The defaults that the reference gives, by key."""
    heading = rf"^#+ \[+{re.escape(section)}\]+.*?\n(.*?)(?=^#|\Z)"
    found = re.search(heading, REFERENCE, re.MULTILINE | re.DOTALL)
    assert found
    rows = re.findall(r"^\| `([a-z_]+)` \| [^|]* \| ([^|]*) \|", found[1], re.MULTILINE)
    return {key: default.strip() for key, default in rows}


GUIDES = ["guide", "popup", "layout", "buttons", "window", "tray", "sip", "pages"]

WITHOUT_POPUPS = """
[me]
extension = "101"
region = "NL"
[pbx]
host = "localhost"
username = "bubbled"
secret = { env = "AMI" }
"""


def examples() -> list[str]:
    """Every piece of settings in the guides for users."""
    guides = [(ROOT / "docs" / f"{name}.md").read_text() for name in GUIDES]
    return [block for guide in guides for block in re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)]


@pytest.mark.parametrize("example", examples())
def test_what_the_guides_show_can_be_set(example: str, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    is_section = example.lstrip().startswith("[")
    needed = "".join(
        section
        for section in re.split(r"(?m)^(?=\[)", WITHOUT_POPUPS)
        if section.partition("\n")[0] not in example.splitlines()
    )
    file.write_text(needed + (example if is_section else f"[popup.layout]\n{example}"))
    assert load(file).warnings == ()


def test_the_example_loads_as_it_stands() -> None:
    assert load(EXAMPLE).warnings == ()


def test_every_possibility_in_the_example_can_be_taken(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(all_possibilities())
    settings = load(file).settings
    assert [directory.name for directory in settings.directories] == [
        "Customers",
        "Colleagues",
        "HubSpot",
        "Database",
        "Staff",
        "Cloud",
        "Google",
    ]
    assert settings.team.names == {"102": "Bob", "103": "Carol"}


@pytest.mark.parametrize(
    "place", [line.lstrip("#") for line in EXAMPLE.read_text().splitlines() if re.match("#?secret = ", line)]
)
def test_every_place_of_the_secret_in_the_example_can_be_chosen(place: str, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(re.sub(r"^secret = .*$", lambda _: place, all_possibilities(), flags=re.MULTILINE))
    assert load(file).warnings == ()


def test_no_section_is_left_out() -> None:
    assert set(keys_at(())) == {section.partition(".")[0] for section in SECTIONS}


@pytest.mark.parametrize("section", SECTIONS)
def test_the_reference_has_every_key_with_its_default(section: str) -> None:
    told = reference_of(section)
    if section == "directory":
        keys: dict[str, FieldInfo] = dict(CommonSettings.model_fields)
    else:
        keys = {
            key: field
            for key, field in keys_at(path_of(section)).items()
            if key not in {"layout", "window", "sip"}
        }
    assert told.keys() == keys.keys()
    for key, field in keys.items():
        if field.is_required():
            assert told[key] == "required"
        elif said := default_in_toml(field):
            assert told[key].split(",")[0] == f"`{said}`"


def test_the_reference_has_the_keys_of_each_kind_of_directory() -> None:
    parts = re.findall(r"^### (kind = .*?)\n(.*?)(?=^##|\Z)", REFERENCE, re.MULTILINE | re.DOTALL)
    told = {heading: set(re.findall(r"^\| `([a-z_]+)` ", table, re.MULTILINE)) for heading, table in parts}
    common = CommonSettings.model_fields.keys()
    for tag, model in MODELS.items():
        kind = tag.removeprefix("directory: ").replace("file", "csv")
        (keys,) = (keys for heading, keys in told.items() if f'"{kind}"' in heading)
        assert keys == model.model_fields.keys() - common


def default_in_toml(field: FieldInfo) -> str | None:
    """A default as one would write it; None when it is none, or follows from other settings."""
    match field.default:
        case bool():
            return str(field.default).lower()
        case int() | float():
            return f"{field.default:g}"
        case str():
            return f'"{field.default}"'
        case _:
            return None
