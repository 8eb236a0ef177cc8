"""The command that tells a county whether its profile holds: `yizhan profile check PATH`."""

from __future__ import annotations

from pathlib import Path

import click

from shared.profile import ProfileError, load


@click.group()
def profile() -> None:
    """县域配置。"""


@profile.command()
@click.argument("path", type=click.Path(path_type=Path))
def check(path: Path) -> None:
    """检查一份县域配置，把不对的地方连同行号全部列出来。"""
    try:
        found = load(path)
    except ProfileError as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from None
    click.echo(
        f"配置可用：{found.version_id} {found.name}（自{found.effective}起），"
        f"时限{len(found.limits)}项，部门{len(found.departments)}个，其他单位{len(found.units)}个，"
        f"分类{len(found.categories)}类，词{len(found.keywords)}个"
    )
