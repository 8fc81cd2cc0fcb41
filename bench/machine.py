"""Where and with what it was measured."""

import os
import platform
import socket
from datetime import date
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("django", "psycopg", "celery", "granian", "whitenoise")


def facts() -> dict[str, object]:
    """Cores, memory, the load before we began, versions."""
    cpus = [line for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    memory = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if "MemTotal" in line), 0)
    return {
        "date": date.today().isoformat(),  # noqa: DTZ011 - the day at this machine
        "machine": os.environ.get("BENCH_MACHINE") or socket.gethostname(),
        "processor": cpus[0].partition(":")[2].strip() if cpus else platform.processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gb": round(memory / 1_000_000),
        "load_before": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in PACKAGES},
    }


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []
