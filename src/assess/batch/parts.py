"""The work folder of a run: finished parts on disk, so that a killed run goes on where it was."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assess.batch.rows import refused_schema
from assess.documents.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa

MANIFEST = "manifest.json"
LOCK = ".lock"


class Parts:
    """The parts of one result. A part is there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        """Take the work folder."""
        self.folder = folder

    def path(self, number: int, name: str) -> Path:
        """Return the file of a part."""
        return self.folder / f"{number:08d}.{name}.arrow"

    def has(self, number: int) -> bool:
        """Tell whether a part is finished; its scored rows are written last."""
        return self.path(number, "scored").exists()

    def read(self, number: int) -> tuple[pa.Table, pa.Table]:
        """Return the scored and the refused rows of a finished part."""
        import pyarrow as pa

        tables = []
        for name in ("scored", "refused"):
            path = self.path(number, name)
            if name == "refused" and not path.exists():
                tables.append(refused_schema().empty_table())
                continue
            try:
                with pa.memory_map(str(path)) as file:
                    tables.append(pa.ipc.open_file(file).read_all())
            except (OSError, pa.ArrowException) as error:
                raise UsageError(f"{path}: is damaged ({error}); take the file away and run again") from None
        return tables[0], tables[1]

    def write(self, number: int, scored: pa.Table, refused: pa.Table) -> None:
        """Put a part on disk; it survives the end of the process and of the machine."""
        if len(refused):
            self._write(self.path(number, "refused"), refused)
        self._write(self.path(number, "scored"), scored)

    def _write(self, path: Path, table: pa.Table) -> None:
        import pyarrow as pa

        temporary = path.with_suffix(".tmp")
        with temporary.open("wb") as file:
            with pa.ipc.new_file(file, table.schema) as writer:
                writer.write_table(table)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)


@contextmanager
def work_folder(out: Path, manifest: Mapping[str, Any], *, fresh: bool) -> Iterator[Parts]:
    """Yield the parts of a result, those of an earlier run of the same work among them.

    Raises `UsageError` where the folder belongs to other work, or to a run that is still going.
    """
    folder = out.with_name(f"{out.name}.parts")
    text = json.dumps(manifest, indent=1, sort_keys=True)
    file = folder / MANIFEST
    folder.mkdir(exist_ok=True)
    with _alone(folder):
        if fresh or not file.exists():
            if not fresh and any(path.name not in (LOCK, "manifest.tmp") for path in folder.iterdir()):
                raise UsageError(f"{folder}: was not made by an earlier run; choose another -o")
            for path in (*folder.glob("*.arrow"), *folder.glob("*.tmp")):
                path.unlink()
            temporary = folder / "manifest.tmp"
            temporary.write_text(text, encoding="utf-8")
            temporary.replace(file)
        else:
            _same(file, manifest)
        yield Parts(folder)


def take_away(parts: Parts) -> None:
    """Take a work folder away once the result is in place."""
    shutil.rmtree(parts.folder, ignore_errors=True)


def _same(file: Path, manifest: Mapping[str, Any]) -> None:
    try:
        earlier = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(earlier, dict):
            raise ValueError("no mapping")
    except (OSError, ValueError):
        raise UsageError(f"{file}: is damaged; start over with --fresh") from None
    other = [name for name in sorted({*manifest, *earlier}) if manifest.get(name) != earlier.get(name)]
    if other:
        raise UsageError(
            f"{file.parent}: an unfinished run differs in {', '.join(other)}; repeat it as it was, or start over with "
            "--fresh"
        )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which the system lets go of when a process ends in whatever way."""
    with (folder / LOCK).open("w") as file:
        with suppress(ImportError):  # Windows has no such lock
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise UsageError(f"{folder}: another run is at work on it; wait for it, or choose another -o") from None
        yield


class Result:
    """The result as it grows: a table, and a CSV of refused rows, both beside their targets until they are whole."""

    def __init__(self, parts: Parts, form: str, about: Mapping[str, str]) -> None:
        """Take the work folder, the form of the table and what is said about it in a Parquet file."""
        self.table, self.refused = parts.folder / "table.tmp", parts.folder / "refused.tmp"
        self.form, self.about = form, about
        self.rows = self.lines = self.refused_rows = 0
        self._writer: Any = None
        self._refused: Any = None

    def add(self, scored: pa.Table, refused: pa.Table) -> None:
        """Add one part; parts come in order."""
        import pyarrow.compute as pc
        from pyarrow import csv as arrow_csv

        if self._writer is None:
            self._writer = self._open(scored.schema)
            self._refused = arrow_csv.CSVWriter(str(self.refused), refused_schema())
        self._writer.write_table(scored)
        if len(refused):
            self._refused.write_table(refused)
            self.refused_rows += pc.count_distinct(refused.column("row")).as_py()
        self.rows, self.lines = self.rows + len(scored), self.lines + len(refused)

    def _open(self, schema: pa.Schema) -> Any:
        import pyarrow as pa
        import pyarrow.parquet as pq
        from pyarrow import csv as arrow_csv

        if self.form == "csv":
            return arrow_csv.CSVWriter(str(self.table), schema)
        short = [field.name for field in schema if pa.types.is_dictionary(field.type) or pa.types.is_string(field.type)]
        return pq.ParquetWriter(
            str(self.table),
            schema.with_metadata(dict(self.about)),
            compression="none",
            use_dictionary=short,
            write_statistics=["row"],
        )

    def close(self) -> None:
        """Finish both files."""
        for writer in (self._writer, self._refused):
            if writer is not None:
                writer.close()

    def move(self, out: Path, rejects: Path | None) -> None:
        """Put both files in their places; the table last, for it says that the run is done."""
        for path in (self.refused, self.table):
            with path.open("rb") as file:
                os.fsync(file.fileno())
        if rejects is not None:
            beside = rejects.with_name(f".{rejects.name}.assess.tmp")  # may be on another disk
            shutil.copyfile(self.refused, beside)
            beside.replace(rejects)
        self.table.replace(out)


def checked_target(path: Path) -> Path:
    """Return the file that an output stands for; raises `UsageError` if it cannot be written."""
    if path.is_dir():
        raise UsageError(f"{path}: is a directory; name a file inside it")
    if path.exists() and not path.is_file():
        raise UsageError(f"{path}: is a device or a pipe; name a file")
    target = Path(os.path.realpath(path))
    if not target.parent.is_dir():
        raise UsageError(f"{path}: the folder {path.parent} does not exist; make it first")
    if not os.access(target.parent, os.W_OK):
        raise UsageError(f"{path}: the folder {path.parent} cannot be written to; choose another")
    return target
