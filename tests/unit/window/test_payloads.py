"""Payloads of the window, shared by a host's workers: found, written once, and never believed."""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from service.fingerprints.fingerprint import Fingerprint
from tests.support.builders.fingerprints import fingerprint
from workers.window import payload_file
from workers.window.payload_file import NUMBERS, PayloadFile
from workers.window.payloads import Payloads
from workers.window.shared_folder import SharedFolder

Worker = Callable[[], Payloads]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the files are."""
    return tmp_path / f"onestory-{os.geteuid()}"


@pytest.fixture
def worker(tmp_path: Path) -> Worker:
    """Another worker of the namespace."""
    return lambda: Payloads(SharedFolder(tmp_path, "wire"))


def payload(number: int) -> bytes:
    return fingerprint(number).payload


def bytes_used(folder: Path) -> int:
    """Of the first file, without its head."""
    return int.from_bytes(beginning(folder)[:4], "little") - payload_file._HEAD


def beginning(folder: Path) -> bytes:
    with (folder / "wire.0").open("rb") as file:
        return file.read(payload_file._HEAD + 10_000)


def test_a_payload_is_written_by_whoever_comes_first_and_found_by_all(
    worker: Worker, folder: Path
) -> None:
    one, other = worker(), worker()
    one.put([1, 2], [payload(1), payload(2)])

    other.put([1, 2, 3], [payload(1), payload(2), payload(3)])
    one.put([3], [payload(3)])

    assert [one[number] for number in (1, 2, 3)] == [other[number] for number in (1, 2, 3)]
    assert one[3] == payload(3)
    assert bytes_used(folder) == sum(len(payload(number)) for number in (1, 2, 3))
    assert not one._own
    assert not other._own


def test_numbers_that_a_server_gives_anew_are_their_new_articles_and_the_old_ones_stay(
    worker: Worker,
) -> None:
    """The server was restored from a backup; one worker has not noticed yet."""
    one, other = worker(), worker()
    one.put([1, 2], [payload(1), payload(2)])

    other.put([1, 2], [payload(1), payload(77)])

    assert (one[2], other[2]) == (payload(2), payload(77))
    one.clear()
    one.put([1, 2], [payload(1), payload(77)])
    assert one[2] == payload(77)


def test_bytes_in_a_file_that_are_not_the_articles_are_never_taken_for_it(
    worker: Worker, folder: Path
) -> None:
    one = worker()
    one.put([1, 2], [payload(1), payload(2)])
    at = payload_file._HEAD + len(payload(1)) + 200
    with (folder / "wire.0").open("r+b") as file:
        file.seek(at)
        file.write(b"\xff")

    late = worker()
    late.put([1, 2], [payload(1), payload(2)])

    assert (late[1], late[2]) == (payload(1), payload(2))


def test_below_the_floor_files_go_and_who_has_them_mapped_goes_on(
    worker: Worker, folder: Path
) -> None:
    one, slow = worker(), worker()
    numbers = [1, NUMBERS - 1, NUMBERS, 2 * NUMBERS + 5]
    for each in (one, slow):
        each.put(numbers, [payload(number) for number in numbers])

    one.drop_below(NUMBERS)

    assert not (folder / "wire.0").exists()
    assert [slow[number] for number in numbers] == [payload(number) for number in numbers]
    assert [one[number] for number in numbers[2:]] == [payload(number) for number in numbers[2:]]
    with pytest.raises(KeyError):
        one[1]


def test_of_an_article_that_is_gone_no_word_stays_in_the_file_but_its_numbers_do(
    worker: Worker, folder: Path
) -> None:
    """A worker that has not read of it yet sees blanks in place of the headline."""
    one, slow = worker(), worker()
    secret = fingerprint(2, title="Bezdetko resigns", source="Волна")
    for each in (one, slow):
        each.put([1, 2, 3], [payload(1), secret.payload, payload(3)])

    one.take_away(2)

    with pytest.raises(KeyError):
        one[2]
    assert b"Title 3" in beginning(folder)
    assert b"Bezdetko" not in beginning(folder)
    seen = Fingerprint.checked(slow[2])
    assert seen.title == " " * len(secret.title)
    assert seen.digest == secret.digest
    assert (slow.__getitem__(1), slow[3]) == (payload(1), payload(3))


def test_a_file_that_is_deleted_under_a_worker_does_not_stop_it(
    worker: Worker, folder: Path
) -> None:
    one = worker()
    one.put([1], [payload(1)])
    for path in folder.iterdir():
        path.unlink()

    one.put([2], [payload(2)])

    assert (one[1], one[2]) == (payload(1), payload(2))
    late = worker()
    late.put([1, 2], [payload(1), payload(2)])
    assert (late[1], late[2]) == (payload(1), payload(2))


def _short(file: int, data: bytes, at: int) -> int:
    return real_pwrite(file, data[: len(data) // 2], at)


real_pwrite = os.pwrite


def _no_space(*_: object) -> int:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("write", [_short, _no_space])
def test_on_a_full_disk_a_worker_holds_what_is_new_alone_and_says_so_once(
    write: Callable[..., int],
    worker: Worker,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    one, other = worker(), worker()
    one.put([1], [payload(1)])
    monkeypatch.setattr("workers.window.payload_file.os.pwrite", write)

    one.put([2, 3], [payload(2), payload(3)])
    one.put([4], [payload(4)])
    monkeypatch.undo()
    one.put([5], [payload(5)])
    other.put([1, 2, 3], [payload(1), payload(2), payload(3)])

    assert [one[number] for number in range(1, 6)] == [payload(number) for number in range(1, 6)]
    assert set(one._own) == {2, 3, 4}
    assert [other[number] for number in (1, 2, 3)] == [payload(number) for number in (1, 2, 3)]
    assert len(caplog.records) == 1
    one.drop_below(4)
    assert set(one._own) == {4}


def test_a_disk_without_room_for_a_files_head_gives_no_file(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To touch a page that was not to be had would end the process."""
    monkeypatch.setattr("workers.window.payload_file.os.posix_fallocate", _no_space)
    one = worker()

    one.put([1], [payload(1)])

    assert one[1] == payload(1)
    assert not one._files


def test_who_was_stopped_with_the_lock_holds_up_nobody(worker: Worker, folder: Path) -> None:
    one = worker()
    one.put([1], [payload(1)])
    stopped = os.open(folder / "wire.0", os.O_RDWR)
    fcntl.flock(stopped, fcntl.LOCK_EX)

    one.put([2], [payload(2)])
    os.close(stopped)
    one.put([3], [payload(3)])

    assert [one[number] for number in (1, 2, 3)] == [payload(number) for number in (1, 2, 3)]
    assert set(one._own) == {2}


WRITER = """
import sys
from pathlib import Path
from tests.support.builders.fingerprints import fingerprint
from workers.window.payloads import Payloads
from workers.window.shared_folder import SharedFolder

made = Payloads(SharedFolder(Path(sys.argv[1]), "wire"))
content = {number: fingerprint(number).payload for number in range(1, 301)}
print("ready", flush=True)
sys.stdin.readline()
while True:
    for start in range(1, 301, 10):
        numbers = range(start, start + 10)
        made.put(list(numbers), [content[number] for number in numbers])
    assert all(made[number] == content[number] for number in content)
    assert not made._own
    print("written", flush=True)
    if not sys.stdin.readline():
        break
    made.clear()
"""


def _writer(tmp_path: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def _told(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def test_two_processes_that_bring_the_same_articles_at_once_write_each_once(
    tmp_path: Path, folder: Path
) -> None:
    writers = [_writer(tmp_path), _writer(tmp_path)]

    for each in writers:
        _told(each)
    said = [each.stdout.readline() for each in writers if each.stdout is not None]
    used = bytes_used(folder)
    for each in writers:
        each.communicate()

    assert said == ["written\n", "written\n"]
    assert used == sum(len(payload(number)) for number in range(1, 301))
    assert [each.returncode for each in writers] == [0, 0]
    assert not list(folder.iterdir())


def test_a_writer_that_is_killed_at_any_moment_leaves_nothing_that_another_takes_for_an_article(
    tmp_path: Path, worker: Worker, folder: Path
) -> None:
    survivor = worker()
    survivor.put([9_000], [payload(9_000)])
    for round_ in range(3):
        writer = _writer(tmp_path)
        (folder / "wire.0").unlink(missing_ok=True)
        _told(writer)
        time.sleep(0.001 * round_)  # not waited for: where it is killed is a matter of chance
        writer.kill()
        writer.communicate()

        file = PayloadFile(folder / "wire.0")
        starts = file._words[2:302].tolist()
        for number, start in enumerate(starts, 1):
            if start:
                assert file[start] == payload(number)
        survivor.clear()
        survivor.put(list(range(1, 301)), [payload(number) for number in range(1, 301)])
        assert all(survivor[number] == payload(number) for number in range(1, 301))
        assert not survivor._own


def test_a_writer_that_dies_between_its_payloads_and_their_entries_has_written_nothing(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    dying, other = worker(), worker()
    dying.put([1], [payload(1)])

    def killed(*_: object) -> list[int]:
        raise KeyboardInterrupt

    real = PayloadFile._written
    monkeypatch.setattr(PayloadFile, "_written", lambda *each: killed(real(*each)))
    with pytest.raises(KeyboardInterrupt):
        dying.put([2], [payload(2)])
    monkeypatch.undo()

    other.put([1, 2], [payload(1), payload(222)])

    assert (other[1], other[2]) == (payload(1), payload(222))


def test_who_holds_what_another_worker_has_blanked_can_tell(worker: Worker) -> None:
    one, other = worker(), worker()
    for each in (one, other):
        each.put([1, 2], [payload(1), payload(2)])
    assert other.are_whole()

    one.take_away(2)

    assert one.are_whole()  # it holds that one no longer
    assert not other.are_whole()
    other.take_away(2)
    assert other.are_whole()
