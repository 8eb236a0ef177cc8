"""What is installed on a fresh machine, and what a person without root is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from deploy.local import bootstrap
from deploy.local.bootstrap import NEEDS, Failed, Need, fingerprint, missing, system_packages

ABSENT = Need("nowhere-to-be-found", lambda: False, instead="AMQP_URL")
PRESENT = Need("coreutils", lambda: True)


def test_only_what_is_absent_is_installed_and_each_once() -> None:
    assert missing([PRESENT, ABSENT, ABSENT], {}) == ["nowhere-to-be-found"]


def test_a_server_given_by_its_address_needs_no_package() -> None:
    assert missing([ABSENT], {"AMQP_URL": ""}) == ["nowhere-to-be-found"]
    assert missing([ABSENT], {"AMQP_URL": "amqp://somebody@elsewhere"}) == []


def test_without_root_the_one_line_to_run_is_told() -> None:
    with pytest.raises(Failed, match=r"apt-get install -y --no-install-recommends chromium nodejs$") as told:
        system_packages(["chromium", "nodejs"], root=False)

    assert told.value.code == 2


def test_nothing_absent_means_nothing_done() -> None:
    system_packages([], root=False)


def test_the_broker_is_needed_for_a_demo_and_a_browser_only_for_its_tests() -> None:
    def packages(target: str) -> set[str]:
        return {need.package for need in NEEDS[target]}

    assert "rabbitmq-server" in packages("demo")
    assert "chromium" not in packages("demo")
    assert {"chromium", "fonts-noto-cjk"} <= packages("browser")
    assert "nodejs" in packages("node")


def test_a_changed_lock_is_noticed(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("one==1")
    before = fingerprint([lock])

    lock.write_text("one==2")

    assert fingerprint([lock]) != before


def test_it_needs_nothing_but_the_standard_library() -> None:
    source = Path(bootstrap.__file__).read_text()

    assert not [line for line in source.splitlines() if line.startswith(("from deploy", "from shared"))]


def test_a_plug_in_whose_folder_is_gone_is_found_no_more(tmp_path: Path) -> None:
    site = tmp_path / "lib" / "python3.11" / "site-packages"
    for name, url in (
        ("kept", bootstrap.ROOT.as_uri()),
        ("gone", (bootstrap.ROOT / "adapters" / "gone").as_uri()),
        ("elsewhere", "file:///opt/elsewhere"),
    ):
        card = site / f"{name}-1.dist-info"
        card.mkdir(parents=True)
        (card / "direct_url.json").write_text(json.dumps({"url": url}))

    found = bootstrap.strangers(tmp_path, [bootstrap.ROOT])

    assert [card.name for card in found] == ["gone-1.dist-info"]
