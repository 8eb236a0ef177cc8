"""The command ``yizhan bundle``: the centre's end of a gate to a closed network."""

from __future__ import annotations

import sys

import click

ANYTHING = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}


@click.command(context_settings=ANYTHING)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def bundle(words: tuple[str, ...]) -> None:
    """网闸摆渡包（中心一侧）：keys、status、import、export、run、begin-again。"""
    from yizhan_adapter.bundles.__main__ import main

    sys.exit(main(["--side", "centre", *words]))
