"""What every test may ask for. Real servers: tests/servers; a real browser: tests/servers/browser.py."""

pytest_plugins = ["tests.servers.fixtures", "tests.servers.browser"]
