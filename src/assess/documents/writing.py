"""Writing files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from assess.documents.errors import UsageError


def write_whole(contents: Mapping[Path, bytes]) -> None:
    """Write several files so that each is either wholly new or untouched.

    All are first written beside their targets; only when every one is complete are they moved into place.
    Raises `UsageError` naming the output that cannot be written, and leaves nothing behind.
    """
    staged: list[tuple[Path, Path]] = []
    try:
        for path, data in contents.items():
            staged.append((_stage(path, data), path))
        for temporary, path in staged:
            temporary.replace(path)
    except OSError as error:
        raise UsageError(
            f"{error.filename2 or error.filename}: cannot be written: {error.strerror}; choose another -o"
        ) from None
    finally:
        for temporary, _ in staged:
            with suppress(OSError):
                temporary.unlink()


def _stage(path: Path, data: bytes) -> Path:
    if path.is_dir():
        raise UsageError(f"{path}: is a directory; name a file inside it")
    if not path.parent.is_dir():
        raise UsageError(f"{path}: the folder {path.parent} does not exist; make it first")
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        temporary.chmod(mode)
    except OSError:
        temporary.unlink()
        raise
    return temporary


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
