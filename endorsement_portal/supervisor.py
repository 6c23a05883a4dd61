"""Keeps a few child processes alive in one terminal: restarts what dies, stops all cleanly.

Each child leads its own process group, dies with its parent (PR_SET_PDEATHSIG on Linux), and when it dies its whole
group is killed before it is started again, so that no orphan of a worker keeps running beside the new one.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

PR_SET_PDEATHSIG = 1
BACKOFF_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
STEADY_AFTER_SECONDS = 60.0
STOP_WITHIN_SECONDS = 10.0


@dataclass(slots=True)
class Child:
    name: str
    command: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    failures: int = 0
    restart_at: float = 0.0


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def backoff(failures: int) -> float:
    """Seconds to wait before the next start after so many quick deaths in a row."""
    return BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS)) - 1] if failures else 0.0


@dataclass(slots=True)
class Supervisor:
    children: list[Child]
    say: Callable[[str], None] = print
    stopping: bool = False
    poll_seconds: float = 0.2
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))

    def start(self, child: Child) -> None:
        child.started_at = time.monotonic()
        child.process = subprocess.Popen(  # noqa: S603 - commands are our own constants
            list(child.command),
            env=self.environment,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )

    def tend(self, child: Child) -> None:
        """Restart a child that died, after its back-off."""
        now = time.monotonic()
        if child.process is None:
            if now >= child.restart_at:
                self.start(child)
            return
        code = child.process.poll()
        if code is None:
            if child.failures and now - child.started_at > STEADY_AFTER_SECONDS:
                child.failures = 0
            return
        self.signal_group(child, signal.SIGKILL)
        child.failures += 1
        wait = backoff(child.failures)
        self.say(f"{child.name} ended (code {code}); starting it again in {wait:g} s")
        child.process = None
        child.restart_at = now + wait

    def signal_group(self, child: Child, number: signal.Signals) -> None:
        if child.process is None:
            return
        try:
            os.killpg(child.process.pid, number)
        except ProcessLookupError:
            return

    def request_stop(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        self.stopping = True

    def stop(self) -> None:
        """Ask every child to finish, wait, then make sure that no process of its group is left."""
        for child in self.children:
            self.signal_group(child, signal.SIGTERM)
        end = time.monotonic() + STOP_WITHIN_SECONDS
        for child in self.children:
            if child.process is None:
                continue
            try:
                child.process.wait(timeout=max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.say(f"{child.name} did not stop in time; ending it")
            self.signal_group(child, signal.SIGKILL)
            child.process.wait()

    def run(self) -> None:
        """Start all, tend them until SIGINT or SIGTERM, then stop all."""
        signal.signal(signal.SIGINT, self.request_stop)
        signal.signal(signal.SIGTERM, self.request_stop)
        try:
            while not self.stopping:
                for child in self.children:
                    self.tend(child)
                time.sleep(self.poll_seconds)
        finally:
            self.stop()
