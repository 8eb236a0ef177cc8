"""A pytest plugin: every run checks the requirement ids that tests carry and records which of them passed."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.requirements import RECORDS, TABLE, Outcome, complaints, read_rows, write_run


def pytest_configure(config: pytest.Config) -> None:
    """One recorder for one run."""
    config.pluginmanager.register(Recorder(config.rootpath), "requirements-recorder")


def named(item: pytest.Item) -> tuple[str, ...]:
    """The ids a test carries, its class's and its module's included, each once, in their order."""
    marks = item.iter_markers("requirement")
    return tuple(dict.fromkeys(str(name) for mark in marks for name in mark.args))


class Recorder:
    """Hears the reports of one run and writes them down at its end."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.session = f"{time.time_ns()}-{os.getpid()}"
        self.ids: dict[str, tuple[str, ...]] = {}
        self.outcomes: dict[str, Outcome] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Stops the run when a test names too many ids, or one that the trace does not know."""
        self.ids = {item.nodeid: ids for item in items if (ids := named(item))}
        known = self._known()
        wrong = [said for test, ids in self.ids.items() for said in complaints(test, ids, known)]
        if wrong:
            raise pytest.UsageError("\n".join(wrong))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A failure in any phase fails the test; skipped and expected failures say nothing."""
        ids = self.ids.get(report.nodeid)
        if ids and report.failed:
            self.outcomes[report.nodeid] = Outcome(ids=ids, passed=False)
        elif ids and report.when == "call" and report.passed and not hasattr(report, "wasxfail"):
            self.outcomes[report.nodeid] = Outcome(ids=ids, passed=True)

    def pytest_sessionfinish(self) -> None:
        """Writes the run, unless no test of it named a requirement."""
        if self.outcomes:
            write_run(self.root / RECORDS, self.session, self.outcomes)

    def _known(self) -> set[str]:
        table = self.root / TABLE
        return {row.id for row in read_rows(table)} if self.ids and table.is_file() else set()
