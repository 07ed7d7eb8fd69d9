"""G11: the headers of every address, with the settings of production."""

import json
import os
import secrets
import subprocess
import sys
import tempfile

from benchmarks.bench import Figure, print_figures, say
from benchmarks.databases import ROOT


def figures(*, quick: bool) -> list[Figure]:
    """Ask every address in a process of its own, without a database; the same for `quick`."""
    with tempfile.TemporaryDirectory() as data:
        environ = {name: value for name, value in os.environ.items() if not name.startswith(("EBOK_", "DATABASE_"))}
        environ |= {
            "EBOK_DATA": data,
            "EBOK_CONFIG": os.devnull,
            "EBOK_SECRET_KEY": secrets.token_urlsafe(48),
            "EBOK_HMAC_KEY": secrets.token_urlsafe(48),
            "EBOK_FIELD_KEYS": f"k1:{secrets.token_urlsafe(32)}",
            "EBOK_PUBLIC_URL": "https://ebok.wodociagi.example",
            "EBOK_UTILITY_NIP": "5265877635",
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        }
        command = [sys.executable, str(ROOT / "tests" / "house" / "probe_headers.py")]
        done = subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        say(done.stderr)
        return [_figure("the probe did not end", ok=False)]
    found = json.loads(done.stdout)
    for fault in found["faults"]:
        say(fault)
    return [_figure(f"{found['answers']} answers, {len(found['faults'])} faults", ok=not found["faults"])]


def _figure(seen: str, *, ok: bool) -> Figure:
    return Figure(id="G11", what="headers of every address, production settings", seen=seen, goal="0 faults", ok=ok)


if __name__ == "__main__":
    print_figures(figures)
