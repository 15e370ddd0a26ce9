"""Score a table of any size: read, score and write span by span, in this process or on a Dask cluster."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib import import_module
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from assess.batch.parts import Parts, Result, checked_target, take_away, work_folder
from assess.batch.rows import Fit, Job, fit, score_lines
from assess.batch.source import Lines, Reader, Source, Span, form_of, open_source
from assess.documents.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa

DEFAULT_CHUNK = 50_000
AHEAD = 2
"""Spans that are read before their turn."""
MOST_SCORERS = 4
"""Threads that score; reading and writing, a thread each, keep up with no more."""

Scored = tuple["pa.Table", "pa.Table"]
Spread = Callable[[Source, Job, Fit, Sequence[Span]], Generator[Scored]]
"""A way to score spans: yields the scored and refused rows of each, in order."""


@dataclass(frozen=True)
class Summary:
    """What a run did."""

    rows: int
    """Rows of the table."""
    scored: int
    refused: int
    """Rows that were not scored."""
    resumed: int
    """Rows that an earlier run had finished."""
    rejects: Path | None
    """Where the refused rows are listed."""
    fit: Fit


def in_process(source: Source, job: Job, used: Fit, spans: Sequence[Span]) -> Generator[Scored]:
    """Score spans in a few threads, for arrays are worked on outside Python's lock; one more thread reads ahead."""
    reader = Reader(source, used.wanted, used.numeric)
    scorers = min(MOST_SCORERS, available_cpus())
    left = iter(spans)

    def scored(lines: Future[Lines]) -> Scored:
        return score_lines(lines.result(), job)

    with ThreadPoolExecutor(1, "read") as reading, ThreadPoolExecutor(scorers, "score") as scoring:
        coming: deque[Future[Scored]] = deque()
        try:
            for span in islice(left, scorers + AHEAD):
                coming.append(scoring.submit(scored, reading.submit(reader.read, span)))
            while coming:
                found = coming.popleft().result()
                for span in islice(left, 1):
                    coming.append(scoring.submit(scored, reading.submit(reader.read, span)))
                yield found
        finally:
            for pool in (scoring, reading):
                pool.shutdown(cancel_futures=True)


def score_file(
    table: Path,
    job: Job,
    out: Path,
    rejects: Path | None = None,
    *,
    chunk: int = DEFAULT_CHUNK,
    fresh: bool = False,
    spread: Spread = in_process,
    step: Callable[[int, int], None] = lambda done, rows: None,
) -> Summary:
    """Score a CSV or Parquet file into another; the same bytes come out whether it was stopped on the way or not.

    rejects: where refused rows go; `OUT.rejects.csv` if there are any. chunk: rows worked on at once. fresh: throw away
    what an unfinished run left. spread: where the work is done. step: called with rows done and rows in all.
    Raises `UsageError` for a table that does not fit, before any work, and where the work cannot go on; finished parts
    are then kept beside `out`, and the same call goes on from there.
    """
    _needed()
    form, target = form_of(out), checked_target(out)
    named = out.with_name(f"{out.name}.rejects.csv") if rejects is None else rejects
    listed = checked_target(named)
    if table.exists() and target.exists() and table.samefile(target):
        raise UsageError(f"{out}: is the table itself; choose another -o")
    if listed in (target, Path(table).resolve()):
        raise UsageError(f"{listed}: is used twice; choose another --rejects")
    source = open_source(table, chunk)
    used = fit(source, job)
    manifest = _manifest(source, job, chunk, form)
    try:
        with work_folder(target, manifest, fresh=fresh) as parts:
            about = {"assess": f"rubric {job.rubric.id} {job.rubric.version}, sha256 {_rubric_hash(job)}"}
            result = Result(parts, form, about)
            numbers = range(len(source.spans))
            done = [parts.has(number) for number in numbers]
            resumed = sum(span.rows for span, there in zip(source.spans, done, strict=True) if there)
            try:
                _work(source, job, used, parts, result, done, spread, step)
            finally:
                result.close()
            wanted = rejects is not None or result.lines > 0
            result.move(target, listed if wanted else None)
            take_away(parts)
    except OSError as error:
        what = error.strerror or error
        raise UsageError(f"{out}: cannot be written: {what}; finished parts are kept, run again to go on") from None
    return Summary(source.rows, result.rows, result.refused_rows, resumed, named if wanted else None, used)


def _work(
    source: Source,
    job: Job,
    used: Fit,
    parts: Parts,
    result: Result,
    done: Sequence[bool],
    spread: Spread,
    step: Callable[[int, int], None],
) -> None:
    """Score what is not done, and add every part to the result in order; writing has a thread of its own."""
    rows = 0
    open_spans = [span for span, there in zip(source.spans, done, strict=True) if not there]
    with ThreadPoolExecutor(1, "write") as pool, closing(spread(source, job, used, open_spans)) as scored:
        writing: deque[Future[None]] = deque()

        def write(number: int, found: Scored) -> None:
            parts.write(number, *found)
            result.add(*found)

        def again(number: int) -> None:
            result.add(*parts.read(number))

        for number, span in enumerate(source.spans):
            there = done[number]
            writing.append(pool.submit(again, number) if there else pool.submit(write, number, next(scored)))
            if len(writing) > 1:
                writing.popleft().result()
            rows += span.rows
            step(rows, source.rows)
        while writing:
            writing.popleft().result()


def _manifest(source: Source, job: Job, chunk: int, form: str) -> dict[str, object]:
    """Return everything the bytes of the result follow from."""
    plan = sha256(repr([asdict(span) for span in source.spans]).encode()).hexdigest()
    return {
        "table": source.fingerprint,
        "columns": list(source.columns),
        "plan": plan,
        "rubric": _rubric_hash(job),
        "chunk": chunk,
        "form": form,
        "keep": list(job.keep),
        "draws": job.draws,
        "seed": job.seed if job.draws else None,
        "versions": {name: version(name) for name in ("assess-partnerships", "numpy", "pyarrow")},
    }


def available_cpus() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _rubric_hash(job: Job) -> str:
    source = job.rubric.source
    return source.sha256 if source else sha256(job.rubric.model_dump_json().encode()).hexdigest()


def _needed() -> None:
    try:
        import_module("pyarrow")
    except ImportError:
        raise UsageError("this needs pyarrow; install assess-partnerships[history]") from None
