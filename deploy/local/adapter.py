"""The command ``yizhan adapter``: the adapters' own command line, beside the suite's."""

from __future__ import annotations

import sys

import click

ANYTHING = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}


@click.command(context_settings=ANYTHING)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def adapter(words: tuple[str, ...]) -> None:
    """运行、检查、诊断部门适配器：run、check、doctor、dry、asks、retry、list。"""
    from yizhan_adapter.__main__ import main

    sys.exit(main(list(words)))
