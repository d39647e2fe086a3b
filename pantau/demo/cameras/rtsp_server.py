"""Serves the stills of the demo's HTTP cameras as H.264 over RTSP: `/usr/bin/python3 rtsp_server.py HTTP_PORT`.

Every path /N shows http://127.0.0.1:HTTP_PORT/N/still.jpg, asked for while somebody watches. Prints its port when
ready; fails at once where GStreamer lacks a part; ends when its input closes.
"""

import sys
import time
import urllib.request
from typing import Any

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

_NUMBERS = range(1, 100)
_FRAME_S = 0.5
_NEEDED = ("appsrc", "jpegdec", "videoconvert", "videoscale", "x264enc", "rtph264pay")
_PIPELINE = (
    "( appsrc name=stills is-live=true do-timestamp=true format=time caps=image/jpeg,framerate=2/1 ! jpegdec ! "
    "videoconvert ! videoscale ! video/x-raw,format=I420,width=1280,height=960 ! "
    "x264enc tune=zerolatency speed-preset=veryfast key-int-max=2 bitrate=2500 ! "
    "rtph264pay name=pay0 pt=96 config-interval=-1 )"
)


class Mount(GstRtspServer.RTSPMediaFactory):  # type: ignore[misc]
    """One camera: its pipeline is fed as long as somebody watches."""

    def __init__(self, still: str) -> None:
        super().__init__()
        self.still = still
        self.last = 0.0
        self.set_launch(_PIPELINE)
        self.set_shared(True)
        self.connect("media-configure", self.configured)

    def configured(self, _: Any, media: Any) -> None:
        """Feeds the stream of a media that is about to be watched."""
        media.get_element().get_by_name("stills").connect("need-data", self.feed)

    def feed(self, source: Any, _: int) -> None:
        """The next picture, at most two a second."""
        time.sleep(max(0.0, self.last + _FRAME_S - time.monotonic()))
        self.last = time.monotonic()
        try:
            with urllib.request.urlopen(self.still, timeout=10) as answer:  # noqa: S310 (our own address)
                picture = answer.read()
        except OSError:
            source.emit("end-of-stream")
            return
        source.emit("push-buffer", Gst.Buffer.new_wrapped(picture))


def main() -> None:
    """Serve until the input closes."""
    Gst.init(None)
    missing = [name for name in _NEEDED if Gst.ElementFactory.find(name) is None]
    if missing:
        sys.exit(f"GStreamer has no {', '.join(missing)}")
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    for number in _NUMBERS:
        still = f"http://127.0.0.1:{sys.argv[1]}/{number}/still.jpg"
        server.get_mount_points().add_factory(f"/{number}", Mount(still))
    server.attach(None)
    loop = GLib.MainLoop()
    GLib.io_add_watch(sys.stdin, GLib.IO_HUP | GLib.IO_IN, lambda *_: loop.quit())
    print(server.get_bound_port(), flush=True)
    loop.run()


if __name__ == "__main__":
    main()
