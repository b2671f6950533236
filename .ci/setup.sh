#!/bin/sh
# Makes .venv/ and installs the given lock files, hash-checked. Does nothing when they are in already.
set -eu
cd "$(dirname "$0")/.."

find_python() {
    for name in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return 0
        fi
    done
    return 1
}

want=$(cat "$@" | cksum)
[ -f .venv/.installed ] && [ "$(cat .venv/.installed)" = "$want $*" ] && exit 0
# The larger set (with the tools for tests) contains the smaller one.
if [ "$#" = 1 ] && [ -f .venv/.installed ] && [ -f requirements-dev.txt ] &&
    [ "$(cat .venv/.installed)" = "$(cat requirements.txt requirements-dev.txt | cksum) requirements.txt requirements-dev.txt" ]; then
    exit 0
fi

if [ ! -x .venv/bin/python ]; then
    if ! python=$(find_python); then
        echo "Dealwright needs Python 3.11 or newer; install it, or name it: make run PYTHON=/path/to/python3" >&2
        exit 1
    fi
    if ! "$python" -m venv .venv >/dev/null 2>&1; then
        rm -rf .venv
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
            apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
        fi
        if ! "$python" -m venv .venv >/dev/null 2>&1; then
            rm -rf .venv
            echo "This Python cannot make virtual environments; run: sudo apt-get install python3-venv" >&2
            exit 1
        fi
    fi
fi
# To stderr: what `make bench` prints is for programs.
echo "Installing libraries into .venv/ (once; about two minutes) …" >&2
for list in "$@"; do
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$list" ||
        { echo "The libraries could not be installed; the lines above say why. Check the network and run the same command again." >&2; exit 1; }
done
echo "$want $*" >.venv/.installed
