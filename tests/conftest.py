"""What every test run has: the trace from tests to requirements."""

pytest_plugins = ["tests.requirements_plugin", "tests.servers"]
