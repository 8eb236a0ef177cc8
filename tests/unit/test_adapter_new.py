"""`make adapter NAME=forestry`: a plug-in of at most sixty lines whose tests pass at once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from yizhan_adapter import new
from yizhan_adapter.__main__ import main
from yizhan_adapter.errors import Misconfigured

ROOT = Path(__file__).parents[2]
LIMIT = 60


def run_tests(folder: Path) -> subprocess.CompletedProcess[str]:
    """The new plug-in's own tests, by a pytest that knows nothing but the SDK and the plug-in."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "adapters" / "sdk"), str(folder)])}
    words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:pytest_nameko", "-c", os.devnull]
    return subprocess.run(
        [sys.executable, *words, "--rootdir", str(folder), str(folder)],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
    )


@pytest.mark.requirement("XI-09")
def test_a_new_plug_in_passes_its_own_tests_at_once_and_is_short(tmp_path: Path) -> None:
    folder = new.write("forestry", tmp_path, "林业局")

    ran = run_tests(folder)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "5 passed" in ran.stdout
    assert (folder / "yizhan_forestry" / "adapter.py").read_text().count("\n") <= LIMIT


def test_a_new_plug_in_is_one_folder_and_nothing_beside_it_changes(tmp_path: Path) -> None:
    (tmp_path / "court").mkdir()

    new.write("water_affairs", tmp_path)

    assert {path.name for path in tmp_path.iterdir()} == {"court", "water_affairs"}
    assert list((tmp_path / "court").iterdir()) == []


def test_a_new_plug_in_is_a_distribution_that_is_found_by_its_entry_point(tmp_path: Path) -> None:
    project = tomllib.loads((new.write("water_affairs", tmp_path) / "pyproject.toml").read_text())

    assert project["project"]["name"] == "yizhan-adapter-water-affairs"
    doors = project["project"]["entry-points"]["yizhan.adapters"]
    assert doors == {"water_affairs": "yizhan_water_affairs.adapter:WaterAffairs"}


def test_a_new_plug_in_is_in_the_form_of_the_house(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "adapters").mkdir()
    (tmp_path / "adapters" / "sdk").symlink_to(ROOT / "adapters" / "sdk")  # so that ruff knows it as ours
    folder = new.write("forestry", tmp_path / "adapters", "林业局")

    for words in (["format", "--check"], ["check"]):
        ran = subprocess.run(
            [Path(sys.executable).parent / "ruff", *words, folder],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize(
    "id", ["", "x", "Forestry", "for-estry", "for.estry", "../up", "1st", "x" * 33, "林业", "a b", "a\n"]
)
def test_a_name_that_is_no_id_is_refused_and_nothing_is_written(tmp_path: Path, id: str) -> None:
    with pytest.raises(Misconfigured, match="a department's id"):
        new.write(id, tmp_path)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("id", ["court", "adapter", "sdk", "simulators", "conformance"])
def test_a_name_that_is_taken_is_refused(tmp_path: Path, id: str) -> None:
    with pytest.raises(Misconfigured, match="taken"):
        new.write(id, tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_never_written_over(tmp_path: Path) -> None:
    folder = new.write("forestry", tmp_path)
    (folder / "yizhan_forestry" / "adapter.py").write_text("mine")

    with pytest.raises(Misconfigured, match="taken"):
        new.write("forestry", tmp_path)

    assert (folder / "yizhan_forestry" / "adapter.py").read_text() == "mine"


@pytest.mark.parametrize("title", ['"; import os', "$id", "a\nb", "x" * 41, '"""'])
def test_a_title_that_could_become_code_is_refused(tmp_path: Path, title: str) -> None:
    with pytest.raises(Misconfigured, match="title"):
        new.write("forestry", tmp_path, title)


def test_the_command_says_what_it_wrote_and_refuses_with_78(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "forestry", "--into", str(tmp_path), "--title", "林业局"]) == 0
    assert "manifest.json" in capsys.readouterr().out

    assert main(["new", "forestry", "--into", str(tmp_path)]) == 78
    assert "taken" in capsys.readouterr().err
