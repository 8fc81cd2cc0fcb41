"""What Bosai is made of: `sbom.cdx.json` (CycloneDX 1.6), written from `requirements.lock`.

`python -m tests.gates.sbom` writes it; with `--check` it says whether it is as the lock has it. Names,
versions and hashes come from the lock, licences from the packages as they are installed; no time and no
serial number, so the same lock gives the same file.
"""

import json
import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LOCK, FILE = ROOT / "requirements.lock", ROOT / "sbom.cdx.json"
PINNED = re.compile(r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")
OF_OLD = re.compile(r"^License :: (?:OSI Approved :: )?(.+)$")


def components(lock: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for line in lock.splitlines():
        if pinned := PINNED.match(line):
            found.append(_component(*pinned.groups()))
        elif hashed := re.search(r"--hash=sha256:([0-9a-f]{64})", line):
            found[-1]["hashes"].append({"alg": "SHA-256", "content": hashed.group(1)})
    return found


def _component(name: str, version: str) -> dict[str, Any]:
    purl = f"pkg:pypi/{name.lower().replace('_', '-')}@{version}"
    component: dict[str, Any] = {
        "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, "hashes": [],
    }  # fmt: skip
    if licences := _licences(name):
        component["licenses"] = licences
    return component


def _licences(name: str) -> list[dict[str, Any]]:
    """As its own metadata says: an SPDX expression, else the words of its classifiers."""
    try:
        said = metadata(name)
    except PackageNotFoundError:  # for another system: the lock holds those of all
        return []
    if expression := said.get("License-Expression"):
        return [{"expression": expression}]
    named = [found.group(1) for line in said.get_all("Classifier", []) if (found := OF_OLD.match(line))]
    return [{"license": {"name": name}} for name in sorted(named)]


def document() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    ours = {"type": "application", "bom-ref": "bosai", "name": "bosai", "version": project["version"]}
    ours["licenses"] = [{"license": {"id": project["license"]}}]
    content = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": ours},
        "components": components(LOCK.read_text()),
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        if FILE.exists() and _without_licences(FILE.read_text()) == _without_licences(document()):
            return 0
        sys.stdout.write(f"{FILE.name} is not as the lock has it: python -m tests.gates.sbom\n")
        return 1
    FILE.write_text(document())
    return 0


def _without_licences(text: str) -> Any:
    """Licences of packages that this system does not install are unknown here."""
    content = json.loads(text)
    for component in content["components"]:
        component.pop("licenses", None)
    return content


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
