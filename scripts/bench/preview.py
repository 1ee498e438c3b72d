"""What a preview in the layout editor costs, beside what the popup itself costs.

Usage: scripts/bench/preview.py [--rounds N]

Each letter that is typed has the candidate checked as settings are, its card made, its buttons tried, and all
variables told for the call. Measured is the CPU time of that in the daemon, without HTTP and page: for a
layout alone, and with as many buttons as settings may hold. Rounds are interleaved and the medians compared.
Prints one JSON object; the goal is that a letter is on the page within 100 ms, 40 of which the page waits for
more.
"""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Any, Final

from bubbled.daemon import assembly
from bubbled.popup.example import ringing
from bubbled.popup.layout import lay_out
from bubbled.popup.legend import legend, legend_json
from bubbled.popup.rehearsal import example_card, rehearsed
from bubbled.popup.variable import Values
from bubbled.settings.layout_file import STAND_IN
from bubbled.settings.proposal import proposed
from bubbled.settings.schema import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

POPUP: Final = {
    "layout": {
        "headline": "${name|upper}",
        "lines": ["$company", "$number_formatted $country", "Last talked ${last_contact_ago}", "$noted"],
    },
    "vip": "matched and category == 'gold'",
}
BUTTONS: Final = [
    {
        "label": f"Look up {number}",
        "open": f"https://crm.example.com/{number}?phone=$number_national",
        "when": "inbound and not internal and company == 'Acme'",
    }
    for number in range(50)
]


def preview(settings: Settings, sections: Mapping[str, Any], now: datetime) -> None:
    """Do what the daemon does for one letter."""
    candidate = proposed(settings, sections).settings
    assert candidate is not None  # noqa: S101 - there is no mistake in it
    layout = assembly.rules(candidate).layout
    subject = ringing(layout, now)
    example_card(subject, layout, now)
    rehearsed(subject, layout, now)
    legend_json(legend(Values(subject, layout, now)))


def measured(rounds: int) -> dict[str, float]:
    """CPU milliseconds of each, as medians."""
    now, settings = datetime.now().astimezone(), Settings.model_validate(STAND_IN)
    layout = assembly.rules(settings).layout
    work: dict[str, Callable[[], object]] = {
        "popup": lambda: lay_out(ringing(layout, now), layout, now),
        "preview": lambda: preview(settings, {"popup": POPUP}, now),
        "preview_50_buttons": lambda: preview(settings, {"popup": POPUP, "button": BUTTONS}, now),
    }
    times: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(rounds):
        for name, run in work.items():
            began = process_time()
            run()
            times[name].append((process_time() - began) * 1000)
    return {name: round(median(each), 3) for name, each in times.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=300)
    rounds = parser.parse_args().rounds
    measured(10)  # reads the names of countries, and compiles what is compiled once
    found = measured(rounds)
    ratio = round(found["preview"] / found["popup"], 1)
    print(json.dumps({"rounds": rounds, "cpu_ms": found, "preview_to_popup": ratio}, indent=2))


if __name__ == "__main__":
    main()
