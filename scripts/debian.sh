#!/bin/sh
# Installs what the tests need of Debian: PostgreSQL with PostGIS, Chromium, openssl, and GStreamer's RTSP server, whose
# cameras the system's own Python serves. Does nothing where they are there.
set -eu
. "$(dirname "$0")/say.sh"

missing=
ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1 &&
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing='postgresql postgresql-postgis'
command -v openssl >/dev/null 2>&1 || missing="$missing openssl"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
rtsp="import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import Gst, GstRtspServer; Gst.init(None)
raise SystemExit(not all(map(Gst.ElementFactory.find, ('x264enc', 'x265enc', 'rtph264pay', 'jpegenc'))))"
/usr/bin/python3 -c "$rtsp" >/dev/null 2>&1 ||
    missing="$missing python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good
        gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly"
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
