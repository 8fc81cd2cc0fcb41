"""The challenges, guides and resources that ship, in our own words: to begin with, not to end with."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "shipped"


@cache
def starter_kinds() -> dict[str, Mapping[str, Any]]:
    """By key: the values of each challenge, as `challenging.add_kind` takes them."""
    return {row["key"]: row for row in _read("challenges.json")}


@cache
def starter_guides() -> list[Mapping[str, Any]]:
    """The texts of each guide, with its stage and the key of its challenge; empty for the plain one."""
    return list(_read("guides.json"))


@cache
def starter_resources() -> dict[str, Mapping[str, Any]]:
    """By key: the texts of each resource, its type, its stages and the keys of its challenges."""
    return {row["key"]: row for row in _read("resources.json")}


def _read(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return found
