#!/bin/sh
# Makes .venv with a fit Python, replacing one that is half made, moved or of another Python, and puts uv into it.
set -eu
. "$(dirname "$0")/say.sh"

fit='import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'

# The first of the usual names that is a Python Pantau runs on.
find_python() {
    for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null 2>&1 && "$name" -c "$fit" >/dev/null 2>&1; then
            command -v "$name"
            return
        fi
    done
}

# Whether .venv is whole: its Python starts, is a fit one, has pip, and the folder was not moved since.
whole() {
    [ -x .venv/bin/python ] &&
        .venv/bin/python -c "$fit" >/dev/null 2>&1 &&
        .venv/bin/python -c 'import pip' >/dev/null 2>&1 &&
        { [ ! -e .venv/bin/pip ] || head -n 3 .venv/bin/pip | grep -qF "$PWD/.venv/bin/python"; }
}

if ! whole; then
    python=$(find_python)
    [ -n "$python" ] || stop 'needs Python 3.11, 3.12 or 3.13, and none is on the PATH. Install one, or name it: make PYTHON=/path/to/python3.11 ...'
    if ! "$python" -c 'import ensurepip' >/dev/null 2>&1; then
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
            say "installing Debian's python3-venv, which $python lacks"
            DEBIAN_FRONTEND=noninteractive apt-get update -q
            DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends python3-venv
        else
            stop "$python cannot make virtual environments (it lacks ensurepip). On Debian or Ubuntu: apt-get install python3-venv"
        fi
    fi
    say "making .venv with $("$python" -V)"
    rm -rf .venv
    "$python" -m venv .venv
fi
export PIP_ROOT_USER_ACTION=ignore PIP_DISABLE_PIP_VERSION_CHECK=1
.venv/bin/python -m pip install -qq --require-hashes --only-binary :all: -r requirements/setup.txt
