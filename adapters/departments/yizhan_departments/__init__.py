"""Every office that is a folder of data beside this file: manifest, card, codes and recorded messages."""

from __future__ import annotations

from importlib import resources

from yizhan_adapter.platforms import Platform, connected


def __getattr__(id: str) -> type[Platform]:
    """The plug-in of the office in the folder of this name: `yizhan_departments:court`."""
    files = resources.files(__name__) / id
    if id.startswith("_") or not (files / "manifest.json").is_file():
        raise AttributeError(f"no office {id!r} here")
    return connected(files)
