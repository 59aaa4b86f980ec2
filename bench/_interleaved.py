"""Two functions timed in turn, in CPU time, so that a busy machine slows both alike. Judges nothing."""

from __future__ import annotations

import gc
import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

MICROSECONDS = 10**6


@dataclass(frozen=True, slots=True)
class Pair:
    """The medians of both, in µs of CPU time."""

    ours: float
    theirs: float


def in_turn(ours: Callable[[], object], theirs: Callable[[], object], samples: int, calls: int) -> Pair:
    """Both functions in this process: `samples` turns of `calls` calls each, one warm-up turn not counted."""
    gc.collect()
    gc.disable()  # as timeit does: whose turn it is when the collector runs is chance
    try:
        taken = [(_spent(ours, calls), _spent(theirs, calls)) for _ in range(samples + 1)]
    finally:
        gc.enable()
    return _medians(taken[1:])


def _spent(work: Callable[[], object], calls: int) -> float:
    begun = time.process_time()
    for _ in range(calls):
        work()
    return (time.process_time() - begun) / calls


def starts_in_turn(ours: Sequence[str], theirs: Sequence[str], env: Mapping[str, str], samples: int) -> Pair:
    """Both commands as processes of their own. Raises CalledProcessError where one fails."""
    _start(ours, env), _start(theirs, env)
    return _medians([(_start(ours, env), _start(theirs, env)) for _ in range(samples)])


def _start(command: Sequence[str], env: Mapping[str, str]) -> float:
    child = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    return used.ru_utime + used.ru_stime


def _medians(taken: Sequence[tuple[float, float]]) -> Pair:
    return Pair(median(one for one, _ in taken) * MICROSECONDS, median(other for _, other in taken) * MICROSECONDS)
