"""Every CSV that leaves goes through one door, where formulas become text."""

from __future__ import annotations

import ast

from tests.architecture.test_house_rules import parsed

# The views that give a file of cells. A new one is added here and tested with hostile cells.
REVIEWED = {
    "apps/contacts/tracing_views.py",  # tests/contacts/test_tracing_pages.py
    "apps/deals/views/imports.py",  # tests/deals/ingestion/test_pages.py
    "apps/deals/views/sales.py",  # tests/deals/comps/test_comp_pages.py
    "apps/offers/views/structures.py",  # numbers of our own only
}
# Writes what it reads again itself: no person gets that text.
INTERNAL = {"apps/deals/ingestion/reader.py", "apps/deals/ingestion/workbooks.py"}
DOOR = "apps/common/csv_export.py"


def _texts(tree: ast.AST) -> set[str]:
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _calls(tree: ast.AST) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def test_every_csv_goes_through_the_door():
    answering, writing, through = set(), set(), set()
    for path, tree in parsed():
        calls = _calls(tree)
        if "StreamingHttpResponse" in calls or "text/csv" in _texts(tree):
            answering.add(str(path))
        if calls & {"csv.writer", "csv.DictWriter", "writer.writerow"}:
            writing.add(str(path))
        if calls & {"csv_response", "stream_csv"}:
            through.add(str(path))
    assert answering == {DOOR}
    assert through - {DOOR} == REVIEWED
    assert writing - INTERNAL == {DOOR}


def test_no_other_way_exports_a_table():
    """The admin has no export of its own: packages for it are for comparison in benchmarks."""
    strangers = [
        str(path)
        for path, tree in parsed()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom) and "import_export" in ast.unparse(node)
    ]
    assert strangers == []
