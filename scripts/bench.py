"""`make bench`: our pages against a bare Django page, on PostgreSQL, interleaved in one run.

Fills one database with 100 and one with 10,000 applications, starts two gunicorns of ours and one of the floor,
counts the queries of each page, drives all pages in alternating rounds and prints one table. Leaves
build/bench/pages.json (cookies and paths) behind. Needs DATABASE_URL of a server where databases may be created.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "bench"
FLOOR = ROOT / "tests" / "benchmarks" / "floor"
DRIVE = ROOT / "tests" / "benchmarks" / "drive.py"
SIZES = (100, 10_000)
FLOOR_PORT = 8790
PORTS = {100: 8791, 10_000: 8792}
LIMITS = {
    # label: (queries at most, times the floor's 25-row page at most)
    "queue": (10, 5.0),
    "review list": (12, 8.0),
    "one application": (15, 6.0),
    "home": (10, 4.0),
    "hub": (10, 4.0),
    "portfolio": (12, 5.0),
    "evidence": (12, 5.0),
    "discussion": (8, 4.0),
    "registry": (8, 4.0),
}
GROWTH_MAX = 1.1


def database(name: str) -> str:
    """The address of a fresh database of that name on the server of DATABASE_URL."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f'drop database if exists "{name}" with (force)')
        cursor.execute(f'create database "{name}"')
    connection.close()
    return urlunsplit(parts._replace(path=f"/{name}"))


def manage(environment: dict[str, str], *words: str) -> None:
    subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=environment, check=True)


def ours(size: int) -> dict[str, str]:
    """The environment of one of our servers, its data seeded."""
    var = BUILD / f"var-{size}"
    shutil.rmtree(var, ignore_errors=True)
    environment = {
        **os.environ,
        "DATABASE_URL": database(f"portal_bench_{size}"),
        "VAR_DIR": str(var),
        "DJANGO_SETTINGS_MODULE": "endorsement_portal.settings.development",
    }
    environment.pop("REDIS_URL", None)
    manage(environment, "migrate", "--verbosity", "0")
    manage(environment, "load_standards", "--verbosity", "0")
    manage(environment, "seed_demo", "--members", str(size), "--verbosity", "0")
    manage(environment, "bench_pages", str(BUILD / f"pages-{size}.json"))
    return environment


def floor() -> dict[str, str]:
    address = urlsplit(database("floor_bench"))
    environment = {
        **os.environ,
        "PYTHONPATH": str(FLOOR),
        "DJANGO_SETTINGS_MODULE": "floor.settings",
        "PGDATABASE": address.path.lstrip("/"),
        "PGUSER": address.username or "",
        "PGHOST": address.hostname or "127.0.0.1",
        "PGPORT": str(address.port or 5432),
    }
    if address.password:
        environment["PGPASSWORD"] = address.password
    subprocess.run(
        [sys.executable, "populate.py", str(BUILD / "pages-floor.json")], cwd=FLOOR, env=environment, check=True
    )
    return environment


def serve(application: str, port: int, environment: dict[str, str], cwd: Path) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        application,
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "2",
        "--pid",
        str(BUILD / f"{port}.pid"),
        "--log-level",
        "warning",
    ]
    server = subprocess.Popen(command, cwd=cwd, env=environment)
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2)
        except urllib.error.HTTPError:
            return server
        except OSError:
            time.sleep(0.2)
        else:
            return server
    raise SystemExit(f"The server on port {port} did not start")


def targets() -> list[dict[str, str]]:
    made = []
    for prefix, port, name in [
        ("floor ", FLOOR_PORT, "pages-floor.json"),
        *((f"{size:,} ", PORTS[size], f"pages-{size}.json") for size in SIZES),
    ]:
        pages = json.loads((BUILD / name).read_text())
        for label, (who, path) in pages["pages"].items():
            if prefix == "floor " and label != "rows":
                continue
            made.append(
                {
                    "label": prefix + label,
                    "url": f"http://127.0.0.1:{port}{path}",
                    "cookie": pages["cookies"].get(who) or "",
                    "pidfile": str(BUILD / f"{port}.pid"),
                }
            )
    return made


def mark(over: bool) -> str:
    return " !" if over else ""


def table(queries: dict[int, dict[str, int]], driven: dict[str, dict[str, float]]) -> list[str]:
    """The lines of the report; a figure over its limit carries an exclamation mark."""
    lines = [
        "| page | queries (100 / 10,000) | at most | times the floor (100 / 10,000) | at most | growth | bytes |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    base = driven["floor rows"]["cpu"]
    for label, (queries_max, times_max) in LIMITS.items():
        if f"100 {label}" not in driven:
            continue
        small, large = driven[f"100 {label}"], driven[f"10,000 {label}"]
        counts = [queries[size][label] for size in SIZES]
        ratios = [small["cpu"] / base, large["cpu"] / base]
        growth = large["cpu"] / small["cpu"]
        lines.append(
            f"| {label} | {counts[0]} / {counts[1]}{mark(max(counts) > queries_max or counts[0] != counts[1])} "
            f"| {queries_max} | {ratios[0]:.1f}x / {ratios[1]:.1f}x{mark(max(ratios) > times_max)} "
            f"| {times_max:g}x | {growth:.2f}x{mark(growth > GROWTH_MAX)} | {large['size']:.0f} |"
        )
    return lines


def main() -> None:
    BUILD.mkdir(parents=True, exist_ok=True)
    environments = {size: ours(size) for size in SIZES}
    floor_environment = floor()
    queries = {size: json.loads((BUILD / f"pages-{size}.json").read_text())["queries"] for size in SIZES}
    servers = [serve("floor.wsgi", FLOOR_PORT, floor_environment, FLOOR)]
    try:
        servers += [serve("endorsement_portal.wsgi", PORTS[size], environments[size], ROOT) for size in SIZES]
        (BUILD / "targets.json").write_text(json.dumps(targets(), indent=1))
        subprocess.run(
            [
                sys.executable,
                str(DRIVE),
                str(BUILD / "targets.json"),
                "--rounds",
                os.environ.get("BENCH_ROUNDS", "5"),
                "--seconds",
                os.environ.get("BENCH_SECONDS", "2"),
                "--concurrency",
                "4",
                "--base",
                "floor rows",
                "--json",
                str(BUILD / "driven.json"),
            ],
            check=True,
        )
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait()
    shutil.copy(BUILD / "pages-10000.json", BUILD / "pages.json")
    print("\n".join(["", *table(queries, json.loads((BUILD / "driven.json").read_text()))]))


if __name__ == "__main__":
    main()
