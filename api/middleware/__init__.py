"""What every request passes through before it reaches a door. Plain ASGI: no request is wrapped or buffered."""
