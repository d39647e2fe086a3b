"""The demo's cameras: real ones over HTTP and RTSP, whose streets are drawn as they are asked for."""
