from __future__ import annotations

import pytest

from bubbled.dialing.text.noise import without_noise, without_web_addresses


@pytest.mark.parametrize(
    "noise",
    [
        "jan.0201234567@example.com",
        "NL91 ABNA 0417 1640 00",
        "DE89370400440532013000",
        "GB29-NWBK-6016-1331-9268-19",
        "192.168.178.20",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "10:30",
        "10:30:59",
        "2024-12-31",
        "31-12-2024",
        "31.12.2024",
        "12/31/2024",
        "03.01.24",
        "€ 1.234,56",
        "$1,234.56",
        "1.234,56 EUR",
        "50%",
    ],
)
def test_what_is_surely_no_number_goes(noise: str) -> None:
    assert without_noise(noise).strip() == ""
    assert without_noise(f"020-1234567 op {noise}, graag").split() == ["020-1234567", "op", ",", "graag"]


@pytest.mark.parametrize(
    "number",
    [
        "020-1234567",
        "+31 (0)20 123 45 67",
        "020.123.45.67",
        "212.555.2671",
        "01.02.03.04.05",
        "01-02-03-04-05",
        "06-12-34-56-78",
        "01.02.20.24.56",
        "030/90 12 34-56",
        "0900-1234",
        "+31 20 123 4567:",
        "1-1-2",
    ],
)
def test_a_phone_number_stays(number: str) -> None:
    assert without_noise(number) == number
    assert without_web_addresses(number) == number


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/0201234567",
        "http://192.0.2.1:8080/?phone=1",
        "www.0201234567.nl",
        "mailto:1@b.nl",
    ],
)
def test_web_addresses_go(address: str) -> None:
    assert without_web_addresses(f'"{address}" 020').split() == ['"', '"', "020"]
