"""Interleaved load driver: compare pages of several servers in one run.

Takes a list of targets, each (label, url, cookie), and runs them round after
round in alternating order (A B C, C B A, ...), so that slow drifts of the
machine hit all of them alike. Prints, per label, the median over the rounds of
requests/s, p50 and p95 latency, and the server's CPU milliseconds per request
(when pids or a port is known), and ratios against the baseline label.

  python drive.py targets.json --rounds 5 --seconds 4 --concurrency 8 --base hello
  python drive.py --target hello http://127.0.0.1:8100/hello "sessionid=abc" \
                  --target rows  http://127.0.0.1:8100/rows  "sessionid=abc"

targets.json: [{"label": ..., "url": ..., "cookie": ..., "pidfile": optional}]
  pidfile: a file with the pid of the gunicorn master; the CPU time (user+system)
  of its children is read from /proc around each round. "pidfile2" may name a
  PostgreSQL postmaster.pid: the CPU time of its live backends is added as "db".
Standard library only. Connections are opened anew for each request unless
--keepalive (gunicorn's sync worker closes them anyway).
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import time
from urllib.parse import urlsplit

TICK = os.sysconf("SC_CLK_TCK")


def children(pid):
    out = []
    try:
        for t in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{t}/children") as f:
                out += [int(x) for x in f.read().split()]
    except OSError:
        pass
    return out


def cpu_of(pidfile):
    """CPU seconds per live child process of the master in pidfile."""
    try:
        pid = int(open(pidfile).read().split()[0])
    except (OSError, ValueError, IndexError):
        return {}
    res = {}
    for c in children(pid):
        try:
            with open(f"/proc/{c}/stat") as f:
                fields = f.read().rpartition(")")[2].split()
            res[c] = (int(fields[11]) + int(fields[12])) / TICK
        except OSError:
            pass
    return res


def cpu_delta(a, b):
    return sum(v - a.get(k, 0.0) for k, v in b.items())


async def one(host, port, req, reader_writer=None):
    if reader_writer is None:
        r, w = await asyncio.open_connection(host, port)
    else:
        r, w = reader_writer
    w.write(req)
    head = await r.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    length, chunked, close = None, False, False
    for line in head.split(b"\r\n")[1:]:
        k, _, v = line.partition(b":")
        k = k.lower()
        if k == b"content-length":
            length = int(v)
        elif k == b"transfer-encoding" and b"chunked" in v.lower():
            chunked = True
        elif k == b"connection" and b"close" in v.lower():
            close = True
    n = 0
    if chunked:
        while True:
            size = int((await r.readuntil(b"\r\n")).split(b";")[0], 16)
            await r.readexactly(size + 2)
            if not size:
                break
            n += size
    elif length is not None:
        await r.readexactly(length)
        n = length
    else:
        n = len(await r.read())
        close = True
    if close:
        w.close()
        return status, n, None
    return status, n, (r, w)


async def load(url, cookie, seconds, concurrency, keepalive, max_requests=None):
    u = urlsplit(url)
    path = (u.path or "/") + ("?" + u.query if u.query else "")
    lines = [f"GET {path} HTTP/1.1", f"Host: {u.netloc}", "Accept: text/html", "User-Agent: drive"]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    if not keepalive:
        lines.append("Connection: close")
    req = ("\r\n".join(lines) + "\r\n\r\n").encode()
    lat, statuses, size = [], {}, 0
    end = time.perf_counter() + seconds
    left = [max_requests if max_requests else 1 << 60]

    async def worker():
        nonlocal size
        conn = None
        while time.perf_counter() < end and left[0] > 0:
            left[0] -= 1
            t = time.perf_counter()
            try:
                status, n, conn = await one(u.hostname, u.port or 80, req, conn if keepalive else None)
            except (ConnectionError, asyncio.IncompleteReadError):
                status, conn = 0, None
            else:
                if not keepalive and conn:
                    conn[1].close()
                size = n
            lat.append(time.perf_counter() - t)
            statuses[status] = statuses.get(status, 0) + 1

    t0 = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(concurrency)))
    return lat, time.perf_counter() - t0, statuses, size


def quant(xs, q):
    xs = sorted(xs)
    return xs[min(len(xs) - 1, int(q * len(xs)))]


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("file", nargs="?")
    ap.add_argument("--target", nargs=3, action="append", default=[], metavar=("LABEL", "URL", "COOKIE"))
    ap.add_argument("--rounds", type=int, default=5)
    ap.add_argument("--seconds", type=float, default=4)
    ap.add_argument("--warmup", type=float, default=1.0)
    ap.add_argument("--concurrency", type=int, default=8)
    ap.add_argument("--keepalive", action="store_true")
    ap.add_argument("--base", help="label the ratios refer to (default: the first)")
    ap.add_argument("--only", help="comma separated substrings of labels to keep")
    ap.add_argument("--json", help="write the results here as well")
    a = ap.parse_args()
    targets = [dict(label=l, url=u, cookie=c) for l, u, c in a.target]
    if a.file:
        targets = json.load(open(a.file)) + targets
    if a.only:
        keys = a.only.split(",")
        targets = [t for t in targets if any(k in t["label"] for k in keys)]
    if not targets:
        sys.exit("no targets")
    rows = {t["label"]: [] for t in targets}
    for t in targets:
        lat, _, st, size = asyncio.run(load(t["url"], t.get("cookie"), a.warmup, 2, a.keepalive))
        if set(st) != {200}:
            print("! not 200:", t["label"], st, file=sys.stderr)
    for r in range(a.rounds):
        for t in targets if r % 2 == 0 else reversed(targets):
            c0 = cpu_of(t["pidfile"]) if t.get("pidfile") else {}
            d0 = cpu_of(t["pidfile2"]) if t.get("pidfile2") else {}
            lat, wall, st, size = asyncio.run(load(t["url"], t.get("cookie"), a.seconds, a.concurrency, a.keepalive))
            c1 = cpu_of(t["pidfile"]) if t.get("pidfile") else {}
            d1 = cpu_of(t["pidfile2"]) if t.get("pidfile2") else {}
            ok = st.get(200, 0)
            rows[t["label"]].append(
                dict(
                    rps=ok / wall,
                    p50=quant(lat, 0.5) * 1e3,
                    p95=quant(lat, 0.95) * 1e3,
                    size=size,
                    bad=len(lat) - ok,
                    cpu=cpu_delta(c0, c1) / len(lat) * 1e3 if c1 else float("nan"),
                    db=cpu_delta(d0, d1) / len(lat) * 1e3 if d1 else float("nan"),
                )
            )
    med = {}
    for label, rs in rows.items():
        m = {k: statistics.median(x[k] for x in rs) for k in ("rps", "p50", "p95", "cpu", "db", "size")}
        m["bad"] = sum(x["bad"] for x in rs)
        m["spread"] = (max(x["rps"] for x in rs) - min(x["rps"] for x in rs)) / m["rps"] if m["rps"] else 0
        med[label] = m
    base = med[a.base or targets[0]["label"]]
    print(
        f"{a.rounds} rounds x {a.seconds:g} s, concurrency {a.concurrency}, interleaved; medians; "
        f"ratios: how many times dearer than {a.base or targets[0]['label']}"
    )
    print("| page | req/s | spread | p50 ms | p95 ms | app CPU ms | db CPU ms | bytes | req/s ratio | CPU ratio |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for label, m in med.items():
        ratio = base["rps"] / m["rps"] if m["rps"] else float("inf")
        m["ratio"] = ratio
        m["cpu_ratio"] = m["cpu"] / base["cpu"] if base["cpu"] else float("nan")
        print(
            f"| {label} | {m['rps']:.1f} | {m['spread'] * 100:.0f}% | {m['p50']:.1f} | {m['p95']:.1f} | {m['cpu']:.2f} "
            f"| {m['db']:.2f} | {m['size']:.0f} | {ratio:.1f}x | {m['cpu_ratio']:.1f}x |"
            + (f" bad={m['bad']}" if m["bad"] else "")
        )
    if a.json:
        json.dump(med, open(a.json, "w"), indent=1)


if __name__ == "__main__":
    main()
