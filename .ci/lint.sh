#!/bin/sh
# Everything that can be said about the code without running the product.
set -eu
cd "$(dirname "$0")/.."
bin=.venv/bin
$bin/ruff check .
$bin/ruff format --check .
find templates -name '*.html' -print0 | xargs -0 $bin/djade --target-version 5.2 --check
$bin/lint-imports --config .importlinter.toml
$bin/mypy
export SECRET_KEY=lint WAKE_WORKERS=false
$bin/python manage.py makemigrations --check --dry-run
$bin/python manage.py check --fail-level WARNING
$bin/python manage.py spectacular --validate --fail-on-warn --file /dev/null
if git grep -nIE 'TODO|FIXME' -- '*.py' '*.html' '*.js' ':!static/vendor' ':!.ci'; then
    echo "Unfinished work is marked above." >&2
    exit 1
fi
