"""Many RTSP cameras in one process, run by the system's Python: `/usr/bin/python3 bench/_rtsp_fleet.py PORT HOST...`.

Each host, an address of this machine, has a server of its own; all give the same few streams /cam0 to /cam7, H.264 of
640 x 360 with a keyframe a second, encoded once into files at the start: visitors cost no encoder, and each has its own
reading of the file. Says `ready` and ends when its input closes.
"""

import sys
import tempfile
from pathlib import Path

import gi  # type: ignore[import-not-found]

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # type: ignore[import-not-found]  # noqa: E402

PATTERNS = ("ball", "smpte", "pinwheel", "spokes", "gradient", "colors", "circular", "zone-plate")
_ENCODED = (
    "videotestsrc num-buffers=150 pattern={} ! video/x-raw,width=640,height=360,framerate=5/1 "
    "! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=5 bitrate=1000 ! mp4mux ! filesink location={}"
)
_SERVED = "( filesrc location={} ! qtdemux ! rtph264pay name=pay0 pt=96 )"


def encode(pattern: str, path: Path) -> None:
    """Half a minute of video in a file."""
    pipeline = Gst.parse_launch(_ENCODED.format(pattern, path))
    pipeline.set_state(Gst.State.PLAYING)
    pipeline.get_bus().timed_pop_filtered(Gst.CLOCK_TIME_NONE, Gst.MessageType.EOS | Gst.MessageType.ERROR)
    pipeline.set_state(Gst.State.NULL)


def main() -> None:
    """Serve until the input closes."""
    Gst.init(None)
    with tempfile.TemporaryDirectory() as folder:
        serve(Path(folder))


def serve(folder: Path) -> None:
    """Every host's server over the same streams."""
    mounts = GstRtspServer.RTSPMountPoints()
    for at, pattern in enumerate(PATTERNS):
        path = folder / f"{pattern}.mp4"
        encode(pattern, path)
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(_SERVED.format(path))
        mounts.add_factory(f"/cam{at}", factory)
    port, *hosts = sys.argv[1:]
    servers = []
    for host in hosts:
        server = GstRtspServer.RTSPServer()
        server.set_address(host)
        server.set_service(port)
        server.set_mount_points(mounts)
        if server.attach(None) == 0:
            raise SystemExit(f"{host} port {port} is taken")
        servers.append(server)
    loop = GLib.MainLoop()
    GLib.io_add_watch(sys.stdin, GLib.IO_HUP | GLib.IO_IN, lambda *_: loop.quit())
    print("ready", flush=True)
    loop.run()


if __name__ == "__main__":
    main()
