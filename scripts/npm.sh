#!/bin/sh
# Runs npm in web/ with the machine's Node where it is new enough for Vite, else with one from requirements/node.txt.
set -eu
. "$(dirname "$0")/say.sh"

fit='const [a, b] = process.versions.node.split(".").map(Number);
process.exit((a === 20 && b >= 19) || (a === 22 && b >= 12) || a > 22 ? 0 : 1)'

if ! { command -v npm && node -e "$fit"; } >/dev/null 2>&1; then
    if ! .venv/bin/node -e "$fit" >/dev/null 2>&1; then
        say 'no Node of 20.19, 22.12 or above on this machine: installing one into .venv'
        .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements/node.txt
    fi
    PATH=$PWD/.venv/bin:$PATH
    export PATH
fi
cd web
exec npm "$@"
