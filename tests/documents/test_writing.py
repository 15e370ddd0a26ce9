from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.documents.errors import UsageError
from assess.documents.writing import made, write_whole

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX files")


def files(folder: Path) -> dict[str, bytes]:
    """Return the name and content of everything in a folder, hidden files too."""
    return {path.name: path.read_bytes() if path.is_file() else b"" for path in folder.iterdir()}


@contextmanager
def disk_for(size: int) -> Iterator[None]:
    """Let no file grow beyond a size, as on a disk that fills up."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_files_are_written_and_replaced_whole(tmp_path: Path) -> None:
    (tmp_path / "old.json").write_bytes(b"old and longer than new")
    write_whole({tmp_path / "old.json": b"new", tmp_path / "new.pdf": b"\x00\xff", tmp_path / "empty": b""})
    assert files(tmp_path) == {"old.json": b"new", "new.pdf": b"\x00\xff", "empty": b""}


def test_nothing_to_write_is_fine(tmp_path: Path) -> None:
    write_whole({})
    assert files(tmp_path) == {}


@posix
def test_a_new_file_has_the_usual_permissions_and_an_old_one_keeps_its_own(tmp_path: Path) -> None:
    old, new, plain = tmp_path / "old", tmp_path / "new", tmp_path / "plain"
    old.touch()
    old.chmod(0o640)
    plain.touch()
    write_whole({old: b"x", new: b"x"})
    assert old.stat().st_mode & 0o777 == 0o640
    assert new.stat().st_mode == plain.stat().st_mode


@posix
def test_a_name_as_long_as_a_file_may_have_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 250 + ".json")
    write_whole({path: b"x"})
    assert path.read_bytes() == b"x"


@posix
def test_a_link_stays_and_what_it_points_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    target, link = tmp_path / "folder" / "2025.html", tmp_path / "latest.html"
    link.symlink_to(target)
    for data in (b"new", b"newer"):
        write_whole({link: data})
        assert link.is_symlink()
        assert target.read_bytes() == data


def test_a_path_may_be_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_whole({Path("report.html"): b"x"})
    assert files(tmp_path) == {"report.html": b"x"}


# ------------------------------------------------------------------------------------------------- or not at all


def _directory(folder: Path) -> Path:
    (folder / "bad").mkdir()
    return folder / "bad"


def _missing_folder(folder: Path) -> Path:
    return folder / "nowhere" / "bad.html"


def _file_as_folder(folder: Path) -> Path:
    return folder / "good.html" / "bad.html"


def _too_long(folder: Path) -> Path:
    return folder / ("x" * 300)


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "bad.html")
    return folder / "bad.html"


def _link_to_nowhere(folder: Path) -> Path:
    (folder / "bad.html").symlink_to(folder / "nowhere" / "else.html")
    return folder / "bad.html"


def _link_to_itself(folder: Path) -> Path:
    (folder / "bad.html").symlink_to(folder / "bad.html")
    return folder / "bad.html"


@posix
@pytest.mark.parametrize("bad_first", [True, False])
@pytest.mark.parametrize(
    ("unwritable", "says"),
    [
        (_directory, "is a directory; name a file inside it"),
        (_missing_folder, "the folder .* does not exist; make it first"),
        (_file_as_folder, "the folder .* does not exist; make it first"),
        (_too_long, "cannot be written: .*; choose another -o"),
        (_pipe, "is a device or a pipe; name a file"),
        (_link_to_nowhere, "does not exist; make it first"),
    ],
)
def test_an_unwritable_output_is_named_and_the_others_stay_as_they_were(
    tmp_path: Path, unwritable: object, says: str, bad_first: bool
) -> None:
    good = tmp_path / "good.html"
    good.write_bytes(b"old")
    bad = unwritable(tmp_path)  # type: ignore[operator]
    before = files(tmp_path)
    contents = {bad: b"x", good: b"new"} if bad_first else {good: b"new", bad: b"x"}
    with pytest.raises(UsageError, match=says) as caught:
        write_whole(contents)
    assert str(caught.value).startswith(f"{bad}: ")
    assert files(tmp_path) == before


@posix
def test_a_link_to_itself_becomes_the_file(tmp_path: Path) -> None:
    path = _link_to_itself(tmp_path)
    write_whole({path: b"x"})
    assert path.read_bytes() == b"x"


@posix
def test_a_disk_that_fills_up_leaves_everything_as_it_was(tmp_path: Path) -> None:
    good, large = tmp_path / "good.html", tmp_path / "large.pdf"
    good.write_bytes(b"old")
    with disk_for(2000), pytest.raises(UsageError, match="cannot be written: File too large") as caught:
        write_whole({good: b"new", large: b"x" * 100_000})
    assert str(caught.value).startswith(f"{large}: ")
    assert files(tmp_path) == {"good.html": b"old"}


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_named_by_its_output(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(0o500)
    with pytest.raises(UsageError, match=r"report\.html: cannot be written: Permission denied") as caught:
        write_whole({folder / "report.html": b"x"})
    assert str(caught.value).startswith(f"{folder / 'report.html'}: ")
    assert files(folder) == {}


def test_a_mistake_of_the_caller_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        write_whole({tmp_path / "a": b"x", tmp_path / "b": "text"})  # type: ignore[dict-item]
    assert files(tmp_path) == {}


# ------------------------------------------------------------------------------------------------- folders

FOLDERS = st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map(lambda parts: Path(*parts)), max_size=4)


def tree(folder: Path) -> set[Path]:
    """Return everything below a folder."""
    return {path.relative_to(folder) for path in folder.rglob("*")}


@settings(max_examples=60)
@given(FOLDERS, FOLDERS, st.booleans())
def test_folders_are_made_and_those_that_were_not_there_go_again_when_the_block_fails(
    tmp_path_factory: pytest.TempPathFactory, there: list[Path], wanted: list[Path], fails: bool
) -> None:
    root = tmp_path_factory.mktemp("made")
    for path in there:
        (root / path).mkdir(parents=True, exist_ok=True)
    before = tree(root)
    parents = {above for path in wanted for above in (path, *path.parents)} - {Path()}
    try:
        with made(root / path for path in wanted):
            assert tree(root) == before | parents
            if fails:
                raise KeyboardInterrupt
    except KeyboardInterrupt:
        assert tree(root) == before
    else:
        assert tree(root) == before | parents


def test_what_stands_in_a_folder_that_was_made_stays_with_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError), made([tmp_path / "new/kept", tmp_path / "new/gone"]):
        (tmp_path / "new/kept/report.html").touch()
        raise UsageError("later")
    assert tree(tmp_path) == {Path("new"), Path("new/kept"), Path("new/kept/report.html")}


@posix
@pytest.mark.parametrize("bad", ["file", "file/in", "new/" + "x" * 300, "x" * 300, "link"])
def test_a_folder_that_cannot_be_made_is_named_and_takes_the_others_along(tmp_path: Path, bad: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    before = tree(tmp_path)
    with (
        pytest.raises(UsageError, match=r"cannot be made: .*; choose another -o") as caught,
        made([tmp_path / "new/first", tmp_path / bad]),
    ):
        pytest.fail("the block was entered")
    assert str(caught.value).startswith(f"{tmp_path / bad}: ")
    assert tree(tmp_path) == before
