"""Course files: the shipped course reads, its sums are right, broken files are named."""

from decimal import Decimal
from pathlib import Path

import pytest

from apps.common.markdown import render_markdown
from apps.courses.rules import read_course, split_front_matter
from apps.courses.types import CourseTextError, Progress

SHIPPED = Path(__file__).resolve().parents[2] / "fixtures/courses"

COURSE = """---
title: One
slug: one
summary: First.
level: beginner
modules:
  - {slug: a, title: A}
  - {slug: b, title: B}
---
Hello.
"""


def lesson(slug: str = "x", module: str = "a", position: object = 1, title: str = "X") -> str:
    return (
        f"---\ntitle: {title}\nslug: {slug}\nmodule: {module}\nposition: {position}\n"
        "minutes: 5\nsummary: Short.\n---\nBody.\n"
    )


def shipped_files() -> dict[str, str]:
    folder = SHIPPED / "first-offer-first-text"
    return {path.name: path.read_text() for path in folder.glob("*.md")}


def test_the_shipped_course_reads_in_order() -> None:
    course = read_course(shipped_files())
    assert [one.slug for one in course.lessons] == ["maximum-allowable-offer", "before-you-text"]
    assert [module.slug for module in course.modules] == ["price", "contact"]
    for one in course.lessons:
        assert "<h2>" in render_markdown(one.body) or "<h3>" in render_markdown(one.body)


def money(text: str) -> Decimal:
    return Decimal(text.strip(" $*").replace(",", ""))


def share(text: str) -> Decimal:
    return Decimal(text.replace("%", "").strip()) / 100


def table_rows(body: str, heading: str) -> list[list[str]]:
    section = body.split(f"### `{heading}`")[1].split("\n### ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_sum_in_the_mao_lesson_is_right() -> None:
    body = read_course(shipped_files()).lessons[0].body
    flips = table_rows(body, "mao_flip")
    assert len(flips) == 3
    for arv, p, repairs, mao in flips:
        assert money(arv) * share(p) - money(repairs) == money(mao)
    [[arv, p, repairs, fee, mao]] = table_rows(body, "mao_wholesale")
    assert money(arv) * share(p) - money(repairs) - money(fee) == money(mao)
    [[arv, rehab, closing, holding, fee, profit, mao]] = table_rows(body, "mao_itemised")
    costs = money(rehab) + money(closing) + money(holding) + money(fee)
    assert money(arv) - costs - money(arv) * share(profit) == money(mao)
    costs = Decimal(6000 + 25000 + 2000 + 9000)
    cost_first = (Decimal(150_000) - costs) * Decimal("0.70")
    assert f"**${cost_first:,.0f}**" in body
    assert f"${Decimal(150_000) * Decimal('0.70') - costs:,.0f})" in body


def test_the_texting_lesson_names_every_word_that_revokes() -> None:
    body = read_course(shipped_files()).lessons[1].body.lower()
    for word in ("stop", "quit", "end", "revoke", "cancel", "unsubscribe"):
        assert word in body
    assert "opt out" in body
    assert "not legal advice" in body


def test_lessons_follow_module_order_then_position() -> None:
    course = read_course(
        {
            "course.md": COURSE,
            "1.md": lesson("late", "b", 1),
            "2.md": lesson("second", "a", 2),
            "3.md": lesson("first", "a", 1),
        }
    )
    assert [one.slug for one in course.lessons] == ["first", "second", "late"]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "course.md is missing"),
        ({"course.md": "no fence"}, "front matter between"),
        ({"course.md": "---\na: [\n---\n"}, "not valid YAML"),
        ({"course.md": "---\n- a\n---\n"}, "must be a list of"),
        ({"course.md": COURSE.replace("beginner", "guru")}, "level must be one of"),
        ({"course.md": COURSE.replace("slug: one", "slug: One Two")}, "may hold a-z"),
        ({"course.md": COURSE.replace("{slug: b", "{slug: a")}, "Two modules share"),
        ({"course.md": COURSE, "1.md": lesson(module="zzz")}, "1.md: there is no module 'zzz'"),
        ({"course.md": COURSE, "1.md": lesson(), "2.md": lesson()}, "Two lessons share"),
        ({"course.md": COURSE, "1.md": lesson(position="0")}, "'position' must be a whole"),
        ({"course.md": COURSE, "1.md": lesson(position="yes")}, "'position' must be a whole"),
        ({"course.md": COURSE, "1.md": lesson(title="''")}, "1.md: 'title' is missing"),
        ({"course.md": COURSE, "1.md": lesson() + "x" * 100_001}, "longer than 100,000"),
    ],
)
def test_a_broken_file_is_named_with_its_reason(files: dict[str, str], message: str) -> None:
    with pytest.raises(CourseTextError, match=message):
        read_course(files)


def test_front_matter_never_builds_python_objects() -> None:
    with pytest.raises(CourseTextError, match="not valid YAML"):
        split_front_matter("x.md", "---\na: !!python/object/apply:os.system [id]\n---\n")


def test_windows_line_ends_are_read() -> None:
    fields, body = split_front_matter("x.md", "---\r\ntitle: A\r\n---\r\nBody\r\n")
    assert (fields, body) == ({"title": "A"}, "Body\n")


@pytest.mark.parametrize(
    ("completed", "lessons", "percent", "is_complete"),
    [
        (0, 0, 0, False),
        (0, 3, 0, False),
        (1, 3, 33, False),
        (199, 200, 99, False),
        (3, 3, 100, True),
    ],
)
def test_progress(completed: int, lessons: int, percent: int, is_complete: bool) -> None:
    progress = Progress(completed, lessons)
    assert (progress.percent, progress.is_complete) == (percent, is_complete)
