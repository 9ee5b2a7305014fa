"""The folder that a host's workers share: whose it is, and who tidies up."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from workers.settings import Settings
from workers.window import shared_folder as shared_folder_module
from workers.window.shared_folder import SharedFolder, shared_folder


def names(parent: Path) -> set[str]:
    return {path.name for path in (parent / f"onestory-{os.geteuid()}").iterdir()}


def settings(parent: Path, **changes: object) -> Settings:
    given = {"redis_url": "redis://localhost:6379/0", "window_folder": parent, **changes}
    return Settings().model_copy(update=given)


def test_nobody_else_may_enter_it(tmp_path: Path) -> None:
    made = SharedFolder(tmp_path, "wire")

    assert made.file(0).parent.stat().st_mode & 0o777 == 0o700
    assert (made.file(0).parent / "wire.lock").stat().st_mode & 0o777 == 0o600


def test_what_the_last_worker_leaves_is_removed_and_what_another_still_uses_is_not(
    tmp_path: Path,
) -> None:
    one, other, foreign = (SharedFolder(tmp_path, name) for name in ("wire", "wire", "desk"))
    for each in (one.file(0), one.file(1), foreign.file(0)):
        each.touch()

    one.leave()
    assert names(tmp_path) == {"wire.lock", "wire.0", "wire.1", "desk.lock", "desk.0"}
    other.leave()
    assert names(tmp_path) == {"desk.lock", "desk.0"}
    foreign.leave()
    assert names(tmp_path) == set()


def test_what_killed_workers_left_is_removed_by_the_next_one_of_any_namespace(
    tmp_path: Path,
) -> None:
    code = (
        "import sys; from pathlib import Path; from workers.window.shared_folder import *\n"
        "made = SharedFolder(Path(sys.argv[1]), 'dead'); made.file(3).touch()\n"
        "print('up', flush=True); sys.stdin.read()"
    )
    killed = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert killed.stdout is not None
    assert killed.stdout.readline() == b"up\n"
    during = SharedFolder(tmp_path, "wire")
    assert "dead.3" in names(tmp_path)
    killed.kill()
    killed.communicate()

    after = SharedFolder(tmp_path, "wire")

    assert names(tmp_path) == {"wire.lock"}
    for each in (during, after):
        each.leave()


def test_files_below_a_place_are_removed(tmp_path: Path) -> None:
    made, foreign = SharedFolder(tmp_path, "wire"), SharedFolder(tmp_path, "wires")
    for each in (made.file(9), made.file(10), made.file(11), foreign.file(3)):
        each.touch()

    made.remove_below(11)

    assert names(tmp_path) == {"wire.lock", "wire.11", "wires.lock", "wires.3"}


def test_a_folder_that_others_may_enter_is_not_used(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / f"onestory-{os.geteuid()}").mkdir(mode=0o700)
    (tmp_path / f"onestory-{os.geteuid()}").chmod(0o755)

    assert shared_folder(settings(tmp_path)) is None
    assert "chmod 700" in caplog.text
    assert "ONESTORY_WINDOW_FOLDER" in caplog.text


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / f"onestory-{os.geteuid()}").symlink_to(tmp_path / "elsewhere")

    assert shared_folder(settings(tmp_path)) is None


def test_without_the_folder_a_worker_has_its_window_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert shared_folder(settings(tmp_path / "missing")) is None
    assert len(caplog.records) == 1


def _locks(*given: Settings) -> list[str]:
    """Names of the lock files of workers with these settings, by turns."""
    found = []
    for each in given:
        entered = shared_folder(each)
        assert entered is not None
        found.append(entered.file(0).stem)
        entered.leave()
    return found


def test_workers_of_one_namespace_of_one_server_meet_whatever_their_passwords(
    tmp_path: Path,
) -> None:
    first, password, option, namespace, server, database = _locks(
        settings(tmp_path),
        settings(tmp_path, redis_url="redis://worker:s3cret@localhost:6379/0"),
        settings(tmp_path, redis_url="redis://localhost:6379/0?password=s3cret"),
        settings(tmp_path, namespace="another"),
        settings(tmp_path, redis_url="redis://other:6379/0"),
        settings(tmp_path, redis_url="redis://localhost:6379/1"),
    )

    assert first == password == option
    assert len({first, namespace, server, database}) == 4


def test_another_database_of_the_server_has_other_files(tmp_path: Path) -> None:
    """An option names it too, and of a socket nothing else does."""
    plain, option, among, socket, other_socket = _locks(
        settings(tmp_path),
        settings(tmp_path, redis_url="redis://localhost:6379?db=1"),
        settings(tmp_path, redis_url="redis://localhost:6379?password=s3cret&db=1"),
        settings(tmp_path, redis_url="unix:///run/redis.sock?db=1"),
        settings(tmp_path, redis_url="unix:///run/redis.sock?db=2"),
    )

    assert option == among
    assert len({plain, option, socket, other_socket}) == 4


def test_a_folder_that_may_no_longer_be_written_stops_no_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = SharedFolder(tmp_path, "wire")
    made.file(0).touch()

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "read-only file system")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refuse)
        patched.setattr(os, "open", refuse)
        made.remove_below(1)
        made.leave()

    assert names(tmp_path) == {"wire.lock", "wire.0"}


def test_who_was_stopped_while_tidying_up_keeps_nobody_from_working(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_folder_module, "_PAUSE_S", 0)
    SharedFolder(tmp_path, "wire").leave()
    code = (
        "import sys, fcntl; lock = open(sys.argv[1], 'w'); fcntl.flock(lock, fcntl.LOCK_EX)\n"
        "print('up', flush=True); sys.stdin.read()"
    )
    path = tmp_path / f"onestory-{os.geteuid()}" / "wire.lock"
    stopped = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert stopped.stdout is not None
    assert stopped.stdout.readline() == b"up\n"

    with pytest.raises(OSError, match="does nothing"):
        SharedFolder(tmp_path, "wire")

    stopped.communicate()
    SharedFolder(tmp_path, "wire").leave()
