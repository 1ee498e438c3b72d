import pytest

from bubbled.popup.country import name


@pytest.mark.parametrize(
    ("region", "language", "country"),
    [
        ("BE", "en", "Belgium"),
        ("BE", "nl", "België"),
        ("DE", "nl", "Duitsland"),
        ("BE", "xx", "Belgium"),
        ("QQ", "nl", "QQ"),
    ],
)
def test_a_country_is_named_in_the_users_language(region: str, language: str, country: str) -> None:
    assert name(region, language) == country
