"""The commands `yizhan triage train` and `yizhan triage evaluate`: a county's history teaches suggestions."""

from __future__ import annotations

import json
from pathlib import Path

import click

from services.intake.handlers import history
from services.intake.rules.triage.examples import Example
from shared.errors import Refused
from shared.profile import profile

_FILES = click.option(
    "--data",
    "files",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="已分类的历史数据（CSV、XLSX、JSON），可写多次。",
)


@click.group()
def triage() -> None:
    """分类建议：用本县历史数据训练，并检验准不准。"""


@triage.command()
@_FILES
@click.option("--out", required=True, type=click.Path(path_type=Path), help="模型写到这个文件。")
def train(files: tuple[Path, ...], out: Path) -> None:
    """用已分类的历史数据训练模型；人名、电话、证件号先去掉，模型里不存任何原文。"""
    examples = _examples(files)
    try:
        from services.intake.handlers import learning
        from services.intake.store import models
    except ModuleNotFoundError as absent:
        raise click.ClickException(f"训练要用 {absent.name}，请安装：pip install 'yizhan[triage]'") from None
    try:
        taught = learning.teach(examples, profile())
    except Refused as refused:
        raise click.ClickException(refused.message) from None
    data = models.written(taught.heads, taught.facts)
    _save(out, data)
    click.echo(json.dumps({**taught.facts, "bytes": len(data)}, ensure_ascii=False))


@triage.command()
@_FILES
@click.option(
    "--model", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="不写就只用词表。"
)
def evaluate(files: tuple[Path, ...], model: Path | None) -> None:
    """在已分类的数据上检验；最后一行是 JSON。请用没有参加训练的数据。"""
    from services.intake.handlers import examining

    try:
        reader = examining.reader(profile(), model)
    except examining.BadModel as bad:
        raise click.ClickException(str(bad)) from None
    found = examining.examined(reader, _examples(files))
    click.echo(json.dumps(found, ensure_ascii=False))


def _examples(files: tuple[Path, ...]) -> list[Example]:
    found: list[Example] = []
    for path in files:
        try:
            told = history.read(path, profile())
        except Refused as refused:
            raise click.ClickException(f"{path.name}：{refused.message}") from None
        for complaint in told.complaints():
            click.echo(f"{path.name}：{complaint}", err=True)
        found += told.examples
    return found


def _save(out: Path, data: bytes) -> None:
    """All of the file or nothing of it: a process that reads it meanwhile never sees half a model."""
    beside = out.with_name(f".{out.name}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(data)
        beside.replace(out)
    except OSError as wrong:
        raise click.ClickException(f"写不进 {out}：{wrong.strerror}") from None
