"""As much of kustomize as our manifests use, so that tests need no kubectl.

Resources, components, namespace, images, and patches by kind, name and label: as JSON patch or as a strategic
merge. Where there is a kubectl, a test compares the two.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

Document = dict[str, Any]

MERGED_BY = {  # lists of Kubernetes whose items are merged one by one, and what tells the items apart
    "containers": "name",
    "env": "name",
    "ports": "containerPort",
    "volumes": "name",
    "volumeMounts": "mountPath",
}
CLUSTER_WIDE = {"Namespace"}


def render(folder: Path) -> list[Document]:
    """The documents that `kubectl kustomize FOLDER` would print, in another order."""
    return _built(folder, [])


def documents(file: Path) -> list[Document]:
    """What one file holds."""
    return [found for found in yaml.safe_load_all(file.read_text()) if found]


def files_of(folder: Path) -> Iterator[Path]:
    """Every file that a folder's kustomization names as a resource, those of other folders included."""
    plan = _plan(folder)
    for name in (*plan.get("resources", ()), *plan.get("components", ())):
        path = (folder / name).resolve()
        yield from files_of(path) if path.is_dir() else (path,)


def _built(folder: Path, before: list[Document]) -> list[Document]:
    plan, found = _plan(folder), list(before)
    for name in plan.get("resources", ()):
        path = folder / name
        found += _built(path, []) if path.is_dir() else documents(path)
    for name in plan.get("components", ()):
        found = _built(folder / name, found)
    for patch in plan.get("patches", ()):
        found = [_patched(folder, patch, one) if _meant(patch["target"], one) else one for one in found]
    for image in plan.get("images", ()):
        _retag(found, image)
    return [_placed(one, plan["namespace"]) for one in found] if "namespace" in plan else found


def _plan(folder: Path) -> Document:
    plan: Document = yaml.safe_load((folder / "kustomization.yaml").read_text())
    known = {"apiVersion", "kind", "namespace", "resources", "components", "patches", "images"}
    assert plan.keys() <= known, f"{folder.name}: {plan.keys() - known} is more than this file understands"
    return plan


def _meant(target: Mapping[str, str], one: Document) -> bool:
    name, _, value = target.get("labelSelector", "").partition("=")
    labels = one["metadata"].get("labels", {})
    return (
        one["kind"] == target["kind"]
        and target.get("name", one["metadata"]["name"]) == one["metadata"]["name"]
        and (not name or labels.get(name) == value)
    )


def _patched(folder: Path, patch: Mapping[str, Any], one: Document) -> Document:
    if "path" in patch:
        (shape,) = documents(folder / patch["path"])
        return {**one, "spec": _merged(one["spec"], shape["spec"])}
    changed = copy.deepcopy(one)
    for operation in yaml.safe_load(patch["patch"]):
        _change(changed, operation)
    return changed


def _change(one: Any, operation: Mapping[str, Any]) -> None:
    *way, last = operation["path"].strip("/").replace("~1", "/").split("/")
    for step in way:
        one = one[int(step) if isinstance(one, list) else step]
    place = int(last) if isinstance(one, list) else last
    if operation["op"] == "replace":
        assert one[place] is not None  # kustomize refuses to replace what is not there
    one[place] = operation["value"]


def _merged(old: Any, new: Any, name: str = "") -> Any:
    if isinstance(old, dict) and isinstance(new, dict):
        both = {key: _merged(old[key], new[key], key) if key in old else new[key] for key in new}
        return {**old, **both}
    if isinstance(old, list) and isinstance(new, list) and name in MERGED_BY:
        return _merged_items(old, new, MERGED_BY[name])
    return new


def _merged_items(old: list[Any], new: list[Any], key: str) -> list[Any]:
    there = {item[key]: item for item in old}
    for item in new:
        there[item[key]] = _merged(there[item[key]], item) if item[key] in there else item
    return list(there.values())


def _retag(found: Any, image: Mapping[str, str]) -> None:
    """Every `image:` of this name, wherever it stands."""
    if isinstance(found, list):
        for item in found:
            _retag(item, image)
    elif isinstance(found, dict):
        for name, value in found.items():
            if name == "image" and isinstance(value, str) and value.partition(":")[0] == image["name"]:
                found[name] = f"{image.get('newName', image['name'])}:{image['newTag']}"
            else:
                _retag(value, image)


def _placed(one: Document, namespace: str) -> Document:
    if one["kind"] in CLUSTER_WIDE:
        return {**one, "metadata": {**one["metadata"], "name": namespace}}
    return {**one, "metadata": {**one["metadata"], "namespace": namespace}}
