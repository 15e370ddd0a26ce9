"""`make bench`: run every benchmark and print one table."""

from __future__ import annotations

from benchmarks import batch, kernel, page, reports, robustness, start
from benchmarks.measure import Row


def main() -> None:
    """Print what was measured beside its target."""
    rows: list[Row] = []
    for bench in (start, kernel, robustness, reports, page, batch):
        rows += bench.rows()
    width = max(len(row.what) for row in rows)
    print(f"{'what'.ljust(width)}  {'measured':>10}  {'bare':>10}  {'ratio':>6}  target")
    for row in rows:
        bare = f"{row.bare * 1000:7.1f} ms" if row.bare else ""
        ratio = f"{row.seconds / row.bare:6.2f}" if row.bare else ""
        verdict = "" if row.met else "  MISSED"
        print(f"{row.what.ljust(width)}  {row.seconds * 1000:7.1f} ms  {bare:>10}  {ratio:>6}  {row.target}{verdict}")


if __name__ == "__main__":
    main()
