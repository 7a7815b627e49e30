"""The secret that signs what readers carry."""

import stat
import subprocess
import sys
import threading

import pytest

from search_app.access.secret import FILE, Secret


def test_it_is_made_once_and_only_its_owner_reads_it(tmp_path):
    value = Secret(tmp_path).value()
    assert len(value) == 32
    assert Secret(tmp_path).value() == value
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_all_who_begin_at_once_have_the_same(tmp_path):
    program = "import sys, pathlib as p; from search_app.access import secret as s"
    program += "; print(s.Secret(p.Path(sys.argv[1])).value().hex())"
    command = [sys.executable, "-c", program, str(tmp_path)]
    begun = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert len({each.communicate()[0] for each in begun}) == 1
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_all_threads_have_the_same(tmp_path):
    secret, values = Secret(tmp_path), []
    threads = [threading.Thread(target=lambda: values.append(secret.value())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(values)) == 1


@pytest.mark.parametrize("damage", [b"", b"short", b"\n"])
def test_one_that_was_cut_short_is_made_anew(tmp_path, damage):
    (tmp_path / FILE).write_bytes(damage)
    value = Secret(tmp_path).value()
    assert len(value) == 32
    assert (tmp_path / FILE).read_bytes() == value
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_where_it_cannot_be_kept_it_lasts_as_long_as_the_process(tmp_path, caplog):
    secret = Secret(tmp_path / "nowhere")
    assert len(secret.value()) == 32
    assert secret.value() == secret.value()
    assert Secret(tmp_path / "nowhere").value() != secret.value()
    assert "sign in again after a restart" in caplog.text
