"""Writing files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from assess.documents.errors import UsageError


def write_whole(contents: Mapping[Path, bytes]) -> None:
    """Write several files so that each is either wholly new or untouched.

    All are first written beside their targets; only when every one is complete are they moved into place.
    Raises `UsageError` naming the output that cannot be written, and leaves nothing behind.
    """
    staged: dict[Path, tuple[Path, Path]] = {}
    try:
        for path, data in contents.items():
            staged[path] = _stage(path, data)
        for path in staged:
            temporary, target = staged[path]
            temporary.replace(target)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}; choose another -o") from None
    finally:
        for temporary, _ in staged.values():
            with suppress(OSError):
                temporary.unlink()


@contextmanager
def made(folders: Iterable[Path]) -> Iterator[None]:
    """Make folders for what is written inside the block; take those that were made away again if it fails.

    Raises `UsageError` naming a folder that cannot be made.
    """
    new: list[Path] = []
    try:
        for folder in folders:
            try:
                # Those made last go first, so that a folder is empty when its turn comes.
                new[:0] = [path for path in (folder, *folder.parents) if not path.exists()]
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise UsageError(f"{folder}: cannot be made: {error.strerror}; choose another -o") from None
        yield
    except BaseException:
        for folder in new:
            with suppress(OSError):
                folder.rmdir()
        raise


def _stage(path: Path, data: bytes) -> tuple[Path, Path]:
    """Write the bytes beside the file that a path stands for; return the temporary file and that file."""
    if path.is_dir():
        raise UsageError(f"{path}: is a directory; name a file inside it")
    if path.exists() and not path.is_file():
        raise UsageError(f"{path}: is a device or a pipe; name a file")
    target = Path(os.path.realpath(path))  # a link stays, and what it points to is written
    if not target.parent.is_dir():
        raise UsageError(f"{path}: the folder {path.parent} does not exist; make it first")
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".assess.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        temporary.chmod(mode)
    except BaseException:
        temporary.unlink()
        raise
    return temporary, target


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
