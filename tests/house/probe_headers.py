"""Asks every address of the product, with production settings and without a database; run as a process of its own."""

import json
import logging
import os
import sys
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "ebok.config.settings"
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import URLPattern, URLResolver, get_resolver  # noqa: E402

logging.disable(logging.CRITICAL)
WANTED = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NEVER = ("Access-Control-Allow-Origin", "X-Powered-By")
POLICY = {
    "default-src": "'none'", "img-src": "'self' data:", "style-src": "'self'", "script-src": "'self'",
    "font-src": "'self'", "connect-src": "'self'", "form-action": "'self'", "manifest-src": "'self'",
    "frame-ancestors": "'none'", "base-uri": "'none'",
}  # fmt: skip


def addresses(resolver: URLResolver, prefix: str = "") -> list[str]:
    found = []
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found += addresses(entry, route)
        elif isinstance(entry, URLPattern):
            found.append("/" + filled(route))
    return found


def filled(route: str) -> str:
    """Put some value of the right kind for every part that varies."""
    kinds = {"uuid": "0b6e3c1a-5d3f-4d8e-9a53-8a1de2f4c001", "int": "1", "str": "x", "slug": "x", "path": "x"}
    while "<" in route:
        start, end = route.index("<"), route.index(">")
        route = route[:start] + kinds.get(route[start + 1 : end].split(":", 1)[0], "x") + route[end + 1 :]
    return route.lstrip("^").rstrip("$\\Z")


def faults_of(where: str, response) -> list[str]:
    headers = response.headers
    faults = [
        f"{where}: {name} = {headers.get(name)!r}" for name, value in WANTED.items() if headers.get(name) != value
    ]
    faults += [f"{where}: {name}" for name in NEVER if name in headers]
    policy = dict(part.strip().split(" ", 1) for part in headers.get("Content-Security-Policy", "x y").split(";"))
    if policy != POLICY and "sandbox" not in policy:
        faults.append(f"{where}: policy {policy}")
    if "text/" in headers.get("Content-Type", "") and "charset" not in headers["Content-Type"]:
        faults.append(f"{where}: no charset")
    for cookie in response.cookies.values():
        if not (cookie.key.startswith("__Host-") and cookie["secure"] and cookie["path"] == "/"):
            faults.append(f"{where}: cookie {cookie.key}")
    return faults


def main() -> None:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    client = Client(HTTP_HOST="ebok.wodociagi.example", HTTP_X_FORWARDED_PROTO="https", raise_request_exception=False)
    manifest = json.loads((settings.STATIC_ROOT / "staticfiles.json").read_text())["paths"]
    static = [settings.STATIC_URL + next(name for name in manifest.values() if name.endswith(".css"))]
    asked = [*addresses(get_resolver()), *static, "/nie-ma-takiej-strony/", "/static/nie-ma.css"]
    faults, seen = [], []
    for address in asked:
        for method in ("get", "post", "trace"):
            response = getattr(client, method)(address)
            seen.append(response.status_code)
            faults += faults_of(f"{method} {address} {response.status_code}", response)
    bad_host = Client(HTTP_HOST="evil.example", HTTP_X_FORWARDED_PROTO="https").get("/")
    faults += faults_of(f"other host {bad_host.status_code}", bad_host)
    json.dump({"answers": len(seen), "codes": sorted(set(seen)), "faults": faults}, sys.stdout)


main()
