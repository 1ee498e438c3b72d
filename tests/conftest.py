from __future__ import annotations

pytest_plugins = ["tests.left_out", "tests.lab.plugin"]
