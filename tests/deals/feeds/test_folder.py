"""The watched folder: complete files, each once, in their place afterwards."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from apps.deals.feeds.providers.folder import put_away
from apps.deals.feeds.testing import test_source as try_source
from apps.deals.feeds.types import FeedFile
from apps.deals.models import LeadImport, SourceRun
from tests.deals.ingestion.conftest import as_csv, house

pytestmark = pytest.mark.django_db
LIST = as_csv([house()])


@pytest.fixture
def root(tmp_path, settings):
    settings.WATCHED_ROOT = str(tmp_path / "root")
    own = tmp_path / "root" / "blue-gate"
    (own / "lists").mkdir(parents=True)
    return own


@pytest.fixture
def watch(root, make_source, poll, now):
    """watch() polls once more, a minute later each time."""
    source = make_source("folder", {"path": "lists"}, every_minutes=1)
    turn = iter(range(1, 1000))
    run = lambda: poll(now + timedelta(minutes=next(turn)))  # noqa: E731
    run.source = source
    run.folder = root / "lists"
    return run


def names():
    return list(LeadImport.across_workspaces.order_by("id").values_list("file_name", flat=True))


def test_a_file_is_taken_at_the_second_look(watch):
    (watch.folder / "new.csv").write_bytes(LIST)
    assert watch().state == "done"
    assert names() == []
    watch()
    assert names() == ["new.csv"]
    assert (watch.folder / "done" / "new.csv").read_bytes() == LIST
    assert not (watch.folder / "new.csv").exists()


def test_a_file_that_still_grows_is_left(watch):
    path = watch.folder / "slow.csv"
    path.write_bytes(LIST[:100])
    watch()
    path.write_bytes(LIST)
    watch()
    assert names() == []
    watch()
    assert names() == ["slow.csv"]


@pytest.mark.parametrize("name", ["a.csv.part", ".hidden.csv", "b.tmp", "c.crdownload"])
def test_unfinished_and_hidden_files_are_left(watch, name):
    (watch.folder / name).write_bytes(LIST)
    for _ in range(3):
        watch()
    assert names() == []
    assert (watch.folder / name).exists()


def test_the_same_content_is_taken_once_whatever_its_name(watch):
    (watch.folder / "one.csv").write_bytes(LIST)
    watch(), watch()
    (watch.folder / "two.csv").write_bytes(LIST)
    (watch.folder / "one.csv").write_bytes(LIST)
    watch(), watch()
    assert names() == ["one.csv"]
    assert len(list((watch.folder / "done").iterdir())) == 3


def test_several_files_come_oldest_first_in_one_run(watch):
    for number, name in enumerate(["b.csv", "a.csv", "c.csv"]):
        path = watch.folder / name
        path.write_bytes(as_csv([house(APN=f"A {number}")]))
        os.utime(path, (1000 + number, 1000 + number))
    watch()
    run = watch()
    assert names() == ["b.csv", "a.csv", "c.csv"]
    assert (run.state, run.page_count) == ("done", 3)


def test_a_file_that_cannot_be_read_is_put_aside_with_the_reason(watch):
    (watch.folder / "bad.csv").write_bytes(b"%PDF-1.7 nothing")
    (watch.folder / "good.csv").write_bytes(LIST)
    watch(), watch()
    assert names() == ["good.csv"]
    assert (watch.folder / "rejected" / "bad.csv").exists()
    assert "PDF" in (watch.folder / "rejected" / "bad.csv.txt").read_text()
    # Mended and put back under the same name, it is taken.
    (watch.folder / "bad.csv").write_bytes(as_csv([house(APN="mended")]))
    watch(), watch()
    assert names() == ["good.csv", "bad.csv"]


@pytest.mark.parametrize("path", ["..", "../other", "lists/../..", "/etc", "lists/out", "out"])
def test_no_path_leads_out_of_the_root(root, make_source, poll, path):
    (root.parent / "other").mkdir()
    (root / "lists" / "out").symlink_to(root.parent / "other")
    (root / "out").symlink_to("/etc")
    source = make_source("folder", {"path": path})
    assert poll().state == "failed"
    source.refresh_from_db()
    assert "outside the root" in source.last_error or "does not exist" in source.last_error


def test_a_link_to_a_file_elsewhere_is_not_followed(watch, root):
    secret = root.parent / "secret.csv"
    secret.write_bytes(LIST)
    (watch.folder / "link.csv").symlink_to(secret)
    os.mkfifo(watch.folder / "pipe.csv")
    for _ in range(3):
        watch()
    assert names() == []


def test_without_a_root_no_folder_is_read(make_source, poll, settings, tmp_path):
    settings.WATCHED_ROOT = ""
    make_source("folder", {"path": "lists"})
    assert "WATCHED_ROOT" in poll().error


def test_a_file_replaced_after_it_was_read_stays_for_the_next_look(root):
    path = root / "lists" / "a.csv"
    path.write_bytes(b"newer")
    put_away({"path": "lists", "workspace": "blue-gate"}, FeedFile("a.csv", b"older"), "")
    assert path.read_bytes() == b"newer"


def test_trying_out_a_folder(watch):
    (watch.folder / "new.csv").write_bytes(LIST)
    assert try_source(watch.source).sentence == "The folder can be read; 1 file lies in it."
    assert not SourceRun.across_workspaces.exists()
