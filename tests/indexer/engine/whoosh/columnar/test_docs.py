"""The example in the documentation runs."""

import re
from pathlib import Path

import pytest


def test_the_example_of_columnar_segments_runs(capsys: pytest.CaptureFixture[str]) -> None:
    text = (Path(__file__).parents[5] / "docs" / "columnar.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    exec(compile(example, "docs/columnar.md", "exec"), {})
    assert capsys.readouterr().out == "[0] [1]\n[1 2] [1 1]\n"
