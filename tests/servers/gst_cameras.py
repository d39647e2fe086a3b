"""Real RTSP cameras by gst-rtsp-server, run by the system's Python: `/usr/bin/python3 gst_cameras.py [PATH=PIPELINE]`.

Three servers on free ports of 127.0.0.1: `open`, and `digest` and `basic`, which ask for `USER` and `PASSWORD`. Each
serves /h264 and /hevc; `open` also serves /udp, which refuses TCP, and the pipelines named as arguments. Prints
the ports as JSON when ready and ends when its input closes.
"""

import json
import sys
from typing import Any

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

USER, PASSWORD = "owner", "sandi:rahasia@1#2"
_SCENE = "videotestsrc is-live=true pattern=ball ! video/x-raw,width={},height={},framerate=10/1"
_H264 = _SCENE.format(640, 360) + " ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=10 bitrate=2000"
_HEVC = (
    _SCENE.format(320, 180) + " ! x265enc tune=zerolatency speed-preset=ultrafast key-int-max=10 option-string=pools=1"
)
PIPELINES = {
    "/h264": f"{_H264} ! rtph264pay name=pay0 pt=96 mtu=700",
    "/hevc": f"{_HEVC} ! rtph265pay name=pay0 pt=96 mtu=700",
    "/inband": f"{_H264} ! rtph264pay name=pay0 pt=97 config-interval=-1 aggregate-mode=max-stap",
    "/mjpeg": f"{_SCENE.format(320, 240)},format=I420 ! jpegenc ! rtpjpegpay name=pay0",
}


def served(method: Any, pipelines: dict[str, str]) -> Any:
    """A server of these pipelines by path, asking for the password by `method` unless that is `None`."""
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    if method is not None:
        server.set_auth(asking(method))
    for path, pipeline in pipelines.items():
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(f"( {pipeline} )")
        factory.set_shared(pipeline.startswith("udpsrc"))  # of what is sent to a port there is one
        if path == "/udp":
            factory.set_protocols(GstRtsp.RTSPLowerTrans.UDP)
        if method is not None:
            factory.add_role_from_structure(allowed())
        server.get_mount_points().add_factory(path, factory)
    return server


def allowed() -> Any:
    """What the role of those who know the password may do: everything."""
    made = Gst.Structure.new_empty("user")
    for right in ("media.factory.access", "media.factory.construct"):
        made.set_value(right, True)
    return made


def asking(method: Any) -> Any:
    """Authentication of one user by one method."""
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(method)
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "user")
    if method == GstRtsp.RTSPAuthMethod.DIGEST:
        auth.add_digest(USER, PASSWORD, token)
    else:
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(USER, PASSWORD), token)
    return auth


def main() -> None:
    """Serve until the input closes."""
    Gst.init(None)
    named = dict(argument.split("=", 1) for argument in sys.argv[1:])
    kept = {path: PIPELINES[path] for path in ("/h264", "/hevc")}
    udp = {"/udp": PIPELINES["/h264"]}
    servers = {
        "open": served(None, {**PIPELINES, **udp, **named}),
        "digest": served(GstRtsp.RTSPAuthMethod.DIGEST, kept),
        "basic": served(GstRtsp.RTSPAuthMethod.BASIC, kept),
    }
    for server in servers.values():
        server.attach(None)
    loop = GLib.MainLoop()
    GLib.io_add_watch(sys.stdin, GLib.IO_HUP | GLib.IO_IN, lambda *_: loop.quit())
    print(json.dumps({name: server.get_bound_port() for name, server in servers.items()}), flush=True)
    loop.run()


if __name__ == "__main__":
    main()
