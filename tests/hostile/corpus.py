"""The payloads, one after the other, for whoever fills a text with them."""

import json
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("payloads.txt")


@cache
def payloads() -> list[str]:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    read = [json.loads(line) for line in lines if line and not line.startswith("# ")]
    return [one if isinstance(one, str) else one[0] * one[1] for one in read]
