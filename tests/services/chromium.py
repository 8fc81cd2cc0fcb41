"""A Chromium for the tests: CHROMIUM_PATH, Playwright's own, an installed one, else fetched.

It is launched once before anything counts on it: that finds a broken one, and a missing library, early.
"""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import Error, sync_playwright

from tests.services import processes
from tests.services.processes import ServiceMissingError

HINT = "no Chromium: apt install chromium libatomic1 fonts-dejavu-core, or CHROMIUM_PATH=… ./run test"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chromium-headless-shell")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


def find() -> tuple[str, str]:
    """Path ("" for Playwright's own) and one line about it. Raises ServiceMissingError."""
    tried = []
    for path, source in _candidates():
        try:
            return path, f"Chromium {_version(path)} ({source})"
        except Error as error:
            tried.append(f"{path or 'playwright'}: {str(error).splitlines()[0]}")
            _mend(error)
    if _install():
        return find()
    raise ServiceMissingError("\n  ".join([HINT, *tried]))


def _candidates() -> list[tuple[str, str]]:
    given = os.environ.get("CHROMIUM_PATH", "")
    installed = [path for path in map(shutil.which, NAMES) if path]
    return [(given, "CHROMIUM_PATH")] if given else [("", "Playwright")] + [(p, "PATH") for p in installed]


def _version(path: str) -> str:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path or None, args=FLAGS)
        version = browser.version
        browser.close()
    return version


def _mend(error: Error) -> None:
    """Playwright's driver needs libatomic1 and says only that its connection closed."""
    if "Connection closed" in str(error):
        processes.apt_install("libatomic1")


def _install() -> bool:
    """Fetch one, once."""
    if os.environ.get("CHROMIUM_PATH") or os.environ.get("_BOSAI_CHROMIUM_TRIED"):
        return False
    os.environ["_BOSAI_CHROMIUM_TRIED"] = "1"
    fetch = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(fetch, capture_output=True, timeout=600).returncode == 0:
        return True
    return processes.apt_install("chromium", "libatomic1", "fonts-dejavu-core")
