from pathlib import Path

from bubbled.vocabulary import VARIABLES

GUIDE = Path(__file__).parents[2] / "docs" / "popup.md"


def test_the_guide_lists_every_variable_with_its_meaning() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    rows = [line for line in guide.splitlines() if line.startswith("| `$")]
    assert rows == [f"| `${name}` | {meaning} |" for name, meaning in VARIABLES.items()]


def test_the_pictures_of_the_guide_are_there() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    pictures = [part.partition(")")[0] for part in guide.split("](images/")[1:]]
    assert pictures
    assert all((GUIDE.parent / "images" / picture).is_file() for picture in pictures)
