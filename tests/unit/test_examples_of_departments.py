"""The examples in other languages stand alone: nothing of ours, no address of a registry, and they parse."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from yizhan_adapter import answers
from yizhan_conformance import answers as kit

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
NODE, JAVA = EXAMPLES / "node-department", EXAMPLES / "java-department"


def test_the_node_example_needs_one_library_and_nothing_of_ours() -> None:
    card = json.loads((NODE / "package.json").read_text())
    imported = {
        name for file in NODE.glob("*.mjs") for name in re.findall(r"from '([^']+)'", file.read_text())
    }

    assert list(card["dependencies"]) == ["amqplib"]
    assert {name for name in imported if not name.startswith(("./", "node:"))} == {"amqplib"}


def test_the_node_examples_lock_has_sums_and_no_address() -> None:
    lock = json.loads((NODE / "package-lock.json").read_text())
    packages = [package for name, package in lock["packages"].items() if name]

    assert packages and all(package["integrity"].startswith("sha512-") for package in packages)
    assert not any("resolved" in package for package in packages)


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not here")
@pytest.mark.parametrize("file", sorted(NODE.glob("*.mjs")), ids=lambda file: file.name)
def test_the_node_example_parses(file: Path) -> None:
    assert subprocess.run(["node", "--check", str(file)], capture_output=True).returncode == 0


@pytest.mark.skipif(shutil.which("javac") is None, reason="javac is not here")
def test_the_java_example_parses(tmp_path: Path) -> None:
    words = ["javac", "-proc:none", "-XDshould-stop.ifNoError=PARSE", "-d", str(tmp_path)]

    ran = subprocess.run([*words, str(JAVA / "Department.java")], capture_output=True, text=True)

    assert ran.returncode == 0, ran.stderr


def test_the_kit_knows_the_same_reasons_and_outcomes_as_the_sdk() -> None:
    assert frozenset(answers.REASONS) == kit.REASONS
    assert frozenset(answers.OUTCOMES) == kit.OUTCOMES
