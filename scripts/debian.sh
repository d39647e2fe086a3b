#!/bin/sh
# Installs what the tests need of Debian: PostgreSQL with PostGIS, and Chromium. Does nothing where they are there.
set -eu
. "$(dirname "$0")/say.sh"

missing=
ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1 &&
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing='postgresql postgresql-postgis'
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    say "not installed here: $missing. This is no Debian, so they are yours to install; their tests are skipped."
elif [ "$(id -u)" != 0 ]; then
    say "not installed here: $missing. Their tests are skipped. To run them: sudo apt-get install $missing"
else
    say "installing $missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q
    # shellcheck disable=SC2086  # a list of names
    apt-get install -q -y --no-install-recommends $missing ||
        say "could not be installed: $missing. Their tests are skipped."
fi
