"""Runs modules that have `figures`, each as a process of its own, and passes their lines on."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bench import Figure, say
from benchmarks.databases import ROOT

HERE = Path(__file__).resolve().parent
_MEASURES = re.compile(r"^def figures\(", re.MULTILINE)


def measuring(folder: Path = HERE) -> list[str]:
    """The modules of a folder that have `figures`, by name."""
    found = [path for path in sorted(folder.glob("*.py")) if _MEASURES.search(path.read_text("utf-8"))]
    return [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in found]


def run_all(modules: list[str], *, quick: bool) -> bool:
    """Run them one after another, print every line as it comes; whether every figure is there and none is short."""
    held = [_run(module, quick=quick) for module in modules]
    return all(held)


def _run(module: str, *, quick: bool) -> bool:
    start = time.perf_counter()
    say(f"{module}…")
    command = [sys.executable, "-m", module, *(["--quick"] if quick else [])]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        lines = list(_passed_on(process))
    say(f"{module}: {time.perf_counter() - start:.0f} s")
    if process.returncode and not any(line.endswith("\tshort") for line in lines):
        lines.append(Figure(id=module, what="run", seen=f"exit {process.returncode}", goal="0", ok=False).line())
        print(lines[-1], flush=True)
    return all(line.endswith("\tok") for line in lines)


def _passed_on(process: subprocess.Popen[str]) -> Iterator[str]:
    assert process.stdout is not None
    for line in process.stdout:
        print(line, end="", flush=True)
        yield line.rstrip("\n")
