import pytest

from bubbled.settings.explanation import EXPLANATIONS, HEADINGS, explanation, heading, name_of
from bubbled.settings.field import FieldForm
from bubbled.settings.form import SectionForm, forms

FIELDS = [(section, field) for section in forms() for field in section.fields]


@pytest.mark.parametrize(("section", "field"), FIELDS, ids=lambda each: each.key)
def test_every_setting_is_explained(section: SectionForm, field: FieldForm) -> None:
    words = explanation(section, field)
    assert 1 <= len(words.label.split()) <= 4
    assert words.help.endswith(".")
    assert len(words.help) <= 120


def test_no_explanation_is_left_over() -> None:
    assert {name_of(section, field) for section, field in FIELDS} == EXPLANATIONS.keys()


def test_every_section_has_a_heading_and_none_is_left_over() -> None:
    assert {section.key for section in forms()} == HEADINGS.keys()
    assert all(heading(section).help.endswith(".") for section in forms())


def test_a_directory_is_explained_by_its_kind_where_kinds_differ() -> None:
    labels = {
        section.key: explanation(section, field).label for section, field in FIELDS if field.key == "url"
    }
    assert labels["directory.ldap"] == "Server address"
    assert labels["directory.sql"] == "Database address"


def test_a_sip_account_is_explained_as_the_pbx_is() -> None:
    section, field = next(
        (section, field) for section, field in FIELDS if section.key == "pbx.sip" and field.key == "secret"
    )
    assert name_of(section, field) == "pbx.secret"
