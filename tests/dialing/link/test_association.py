from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bubbled.dialing.link.association import DEFAULT, MARK, programs, put_first, take_out

US = "bubbled-links.desktop"
TEL, SIP = "x-scheme-handler/tel", "x-scheme-handler/sip"

# Lines as users, desktops and accidents write them.
_lines = st.sampled_from(
    [
        "",
        "  ",
        "# a comment",
        f"# {TEL}=not.desktop",
        "[Default Applications]",
        " [Default Applications] ",
        "[Added Associations]",
        "[Removed Associations]",
        "[",
        "text/html=firefox.desktop;",
        f"{TEL}=linphone.desktop",
        f"{TEL}=linphone.desktop;zoiper.desktop;",
        f"{TEL}=",
        f"{TEL}= ",
        f" {TEL} = linphone.desktop ; ",
        f"{TEL}[nl]=linphone.desktop",
        f"{SIP}=zoiper.desktop;",
        f"{SIP}",
        "=",
        "\udce9\udc80 no UTF-8 \x00\x0b\x85\u2028",
        "\ufeff[Default Applications]",
    ]
) | st.text(max_size=20)
files = st.lists(st.tuples(_lines, st.sampled_from(["\n", "\r\n", "\r", ""]))).map(
    lambda parts: "".join(line + end for line, end in parts)
)


@given(files)
@example("")
@example("\n")
@example("text/html=firefox.desktop")
@example("[Default Applications]\r\nx=y\r")
def test_taking_out_gives_the_file_back_to_the_byte(text: str) -> None:
    assert take_out(put_first(text, [TEL, SIP], US), [TEL, SIP], US) == text


@given(files)
def test_every_line_stays_but_those_that_name_who_opens_links(text: str) -> None:
    def others(file: str) -> list[str]:
        ours = ("", MARK, f"[{DEFAULT}]")
        kept = [line for line in file.split("\n") if US not in line and line.strip() not in ours]
        return [line for line in kept if TEL not in line]

    assert others(put_first(text, [TEL], US)) == others(text)


@given(files)
def test_who_was_named_before_stands_behind_in_the_same_order(text: str) -> None:
    assert programs(put_first(text, [TEL], US), DEFAULT, TEL)[0] == US
    before = programs(text, DEFAULT, TEL)
    assert programs(put_first(text, [TEL], US), DEFAULT, TEL)[1:] in (before, ())
    assert programs(put_first(text, [TEL], US), DEFAULT, "text/html") == programs(text, DEFAULT, "text/html")


@given(files)
def test_twice_is_as_once(text: str) -> None:
    once = put_first(text, [TEL, SIP], US)
    assert put_first(once, [TEL, SIP], US) == once
    assert put_first(put_first(text, [TEL], US), [SIP], US).count(US) == once.count(US)


@given(files)
def test_there_is_nothing_to_take_out_of_a_file_of_others(text: str) -> None:
    assert take_out(text, [TEL, SIP], US) == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("", f"{MARK}\n[Default Applications]\n{TEL}={US}\n", id="empty"),
        pytest.param(
            "[Added Associations]\nx=y",
            f"[Added Associations]\nx=y\n\n{MARK}\n[Default Applications]\n{TEL}={US}",
            id="no-group-no-end",
        ),
        pytest.param(
            "[Default Applications]\na=b\n# why\n\n[Added Associations]\n",
            f"[Default Applications]\na=b\n{TEL}={US}\n# why\n\n[Added Associations]\n",
            id="into-the-group",
        ),
        pytest.param(
            f"[Default Applications]\r\n{TEL} =\tlinphone.desktop\r\n",
            f"[Default Applications]\r\n{TEL} =\t{US};linphone.desktop\r\n{TEL}={US}\n",
            id="spaces-that-xdg-mime-does-not-understand",
        ),
        pytest.param(
            f"[Default Applications]\n{TEL}=a.desktop\n{TEL}=b.desktop\n"
            f"[Default Applications]\n{TEL}=c.desktop\n",
            f"[Default Applications]\n{TEL}={US};a.desktop\n{TEL}={US};b.desktop\n"
            f"[Default Applications]\n{TEL}={US};c.desktop\n",
            id="doubled",
        ),
        pytest.param(
            f"[Default Applications]\n{TEL}=a.desktop;{US}\n",
            f"[Default Applications]\n{TEL}={US};a.desktop;\n",
            id="named-already-but-not-first",
        ),
        pytest.param(
            f"[Default Applications]\n{TEL}={US};a.desktop\n",
            f"[Default Applications]\n{TEL}={US};a.desktop\n",
            id="named-first",
        ),
        pytest.param(
            f"[Removed Associations]\n{TEL}=a.desktop\n[Default Applications]\n",
            f"[Removed Associations]\n{TEL}=a.desktop\n[Default Applications]\n{TEL}={US}\n",
            id="other-groups-mean-other-things",
        ),
    ],
)
def test_bubbled_comes_first(before: str, after: str) -> None:
    assert put_first(before, [TEL], US) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            f"[Default Applications]\n{TEL}={US}\n", "[Default Applications]\n", id="xdg-mime-wrote-it"
        ),
        pytest.param(
            f"[Default Applications]\n{TEL}=a.desktop; {US} ;b.desktop\n",
            "[Default Applications]\n" + f"{TEL}=a.desktop; b.desktop\n",
            id="in-the-middle",
        ),
        pytest.param(
            f"[Default Applications]\n{TEL}=my-{US};{US}\n",
            f"[Default Applications]\n{TEL}=my-{US};\n",
            id="a-name-that-ends-alike",
        ),
        pytest.param(
            f"[Default Applications]\n{TEL}={US}\nx=y\n{TEL}={US}\nz=y\n",
            "[Default Applications]\nx=y\nz=y\n",
            id="doubled",
        ),
        pytest.param(
            f"x=y\n\n{MARK}\n[Default Applications]\n{TEL}={US}\ntext/html=firefox.desktop\n",
            f"x=y\n\n{MARK}\n[Default Applications]\ntext/html=firefox.desktop\n",
            id="others-came-into-our-group",
        ),
        pytest.param(
            f"x=y\n\n{MARK}\n[Default Applications]\n{TEL}={US}\n\n[Added Associations]\na=b\n",
            "x=y\n\n[Added Associations]\na=b\n",
            id="others-came-after-our-group",
        ),
        pytest.param(
            f"[Default Applications]\n\n[Added Associations]\n{TEL}={US};\n",
            f"[Default Applications]\n\n[Added Associations]\n{TEL}={US};\n",
            id="what-others-wrote-elsewhere",
        ),
    ],
)
def test_bubbled_goes_also_from_a_file_that_others_changed_meanwhile(before: str, after: str) -> None:
    assert take_out(before, [TEL], US) == after
