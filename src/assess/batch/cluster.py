"""The same spans on a Dask cluster: one that is there already, or workers on this machine."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from assess.batch.rows import Fit, Job, score_lines
from assess.batch.run import Scored, Spread
from assess.batch.source import Reader, Source, Span
from assess.documents.errors import AssessError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 60.0
"""Seconds without any worker, or without an answer to the first call, after which a run gives up."""
LOOK = 2.0
"""Seconds between looks at the cluster while waiting."""

GO_ON = "finished parts are kept, and the same command goes on from there"


def score_span(source: Source, job: Job, used: Fit, span: Span) -> Scored:
    """Score one span; what a worker runs."""
    return score_lines(_reader(source, used).read(span), job)


_READERS: dict[tuple[str, str, tuple[str, ...]], Reader] = {}


def _reader(source: Source, used: Fit) -> Reader:
    """Return a worker's reader of a source, so that a row group is not read anew for each of its spans."""
    key = (source.path, source.fingerprint, used.wanted)
    if key not in _READERS:
        _READERS.clear()
        _READERS[key] = Reader(source, used.wanted, used.numeric)
    return _READERS[key]


@contextmanager
def workers(count: int) -> Iterator[Spread]:
    """Yield a way to score spans on workers of one thread each on this machine."""
    distributed = _distributed()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with _interrupts_ignored():
        cluster = distributed.LocalCluster(
            n_workers=count, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=50
        )
    with cluster, distributed.Client(cluster, direct_to_workers=True) as client:
        yield _spread(client)


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Start processes that leave an interrupt to this one: they inherit what it ignores."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def scheduler(address: str, say: Callable[[str], None] = lambda text: None) -> Iterator[Spread]:
    """Yield a way to score spans on an existing cluster; its workers must find the table under the same path.

    say: told when the run waits for workers. Raises `UsageError` where no scheduler answers.
    """
    distributed = _distributed()
    for name in ("distributed.client", "asyncio"):  # what happens to the cluster is said in our own words
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = distributed.Client(address, timeout=10)
    except (OSError, ValueError) as error:
        raise UsageError(f"{address}: no scheduler answers ({error}); look at the address") from None
    try:
        yield _spread(client, say)
    finally:
        with suppress(Exception):  # the cluster may be gone, and what happened has been said
            client.close(timeout=2)


def _spread(client: Any, say: Callable[[str], None] = lambda text: None) -> Spread:
    def spread(source: Source, job: Job, used: Fit, spans: Sequence[Span]) -> Generator[Scored]:
        return _score(client, say, source, job, used, spans)

    return spread


def _score(
    client: Any, say: Callable[[str], None], source: Source, job: Job, used: Fit, spans: Sequence[Span]
) -> Generator[Scored]:
    """Yield results in order, with a few spans under way per worker and no more, so that memory stays flat."""
    distributed = _distributed()
    waiting: deque[Any] = deque()
    left = deque(spans)
    try:
        while left or waiting:
            ahead = 2 * max(1, len(_workers_of(client))) + 1
            while left and len(waiting) < ahead:
                waiting.append(client.submit(score_span, source, job, used, left.popleft(), pure=False))
            yield _result(client, waiting.popleft(), say)
    except AssessError:
        raise
    except (OSError, distributed.client.FutureCancelledError, distributed.scheduler.KilledWorker) as error:
        raise UsageError(f"the cluster was lost ({type(error).__name__}); {GO_ON}") from None


def _result(client: Any, future: Any, say: Callable[[str], None]) -> Scored:
    """Wait for one result; raises where the scheduler is gone or no worker is left."""
    distributed = _distributed()
    alone_since: float | None = None
    while True:
        try:
            found: Scored = future.result(timeout=LOOK)
            return found
        except distributed.TimeoutError:
            if _workers_of(client):
                alone_since = None
                continue
            if alone_since is None:
                alone_since = time.monotonic()
                say(f"no worker is left; waiting {PATIENCE:g} s for one")
            if time.monotonic() - alone_since > PATIENCE:
                raise UsageError(f"no worker is left; {GO_ON}") from None


def _workers_of(client: Any) -> dict[str, Any]:
    """Return the workers a cluster has now; raises `UsageError` where its scheduler is gone."""
    stream = client.scheduler_comm
    if client.status != "running" or stream is None or stream.closed():
        raise UsageError(f"the scheduler is gone; {GO_ON}")
    info: dict[str, Any] = client.scheduler_info(n_workers=-1)
    found: dict[str, Any] = info.get("workers", {})
    return found


def _distributed() -> Any:
    try:
        return import_module("distributed")
    except ImportError:
        raise UsageError("this needs Dask; install assess-partnerships[scale]") from None
