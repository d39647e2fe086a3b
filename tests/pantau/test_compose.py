"""The city's wiring: docker-compose.yml, .env.example and Dockerfile say the same as Pantau's settings."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from minio import Minio
from minio.error import S3Error

from pantau.settings import Settings
from tests.servers.kept import free_ports, session_folder, start
from tests.servers.s3 import S3Server, weed

ROOT = Path(__file__).parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SECRETS = {"POSTGRES_PASSWORD": "pw", "S3_ACCESS_KEY": "key", "S3_SECRET_KEY": "secret"}
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE)["services"]


def variables() -> dict[str, set[str]]:
    """Each variable that docker-compose.yml asks for, with what it does when there is none (`:-x`, `:?x` or ``)."""
    found: dict[str, set[str]] = {}
    for name, otherwise in re.findall(r"\$\{(\w+)([^}]*)\}", COMPOSE):
        found.setdefault(name, set()).add(otherwise)
    return found


def filled(value: object) -> str:
    """A value as Compose would fill it in with the secrets set and nothing else."""
    return re.sub(r"\$\{(\w+):[-?]([^}]*)\}", lambda found: SECRETS.get(found[1], found[2]), str(value))


@pytest.mark.unit
def test_no_secret_has_a_default() -> None:
    for name, otherwise in variables().items():
        if re.search(r"PASSWORD|SECRET|KEY|TOKEN", name):
            assert name in SECRETS
            assert otherwise == {":?set it in .env"}, name
    for service in SERVICES.values():
        for name, value in service["environment"].items():
            if re.search(r"PASSWORD|SECRET|KEY|TOKEN|DATABASE_URL", name):
                assert "${" in str(value), name


@pytest.mark.unit
def test_the_example_names_every_variable_and_fills_in_no_secret() -> None:
    named = dict(re.findall(r"^#?([A-Z][A-Z0-9_]+)=(.*)$", EXAMPLE, flags=re.MULTILINE))
    assert set(named) == set(variables())
    assert {name for name, value in named.items() if name in SECRETS and value} == set()


@pytest.mark.unit
@pytest.mark.parametrize("text", [COMPOSE, EXAMPLE, DOCKERFILE], ids=["compose", "example", "dockerfile"])
def test_every_setting_named_exists(text: str) -> None:
    named = set(re.findall(r"\bPANTAU_([A-Z0-9_]+)", text))
    assert named
    assert {name.lower() for name in named} <= set(Settings.model_fields)


@pytest.mark.unit
@pytest.mark.parametrize("service", ["api", "worker", "migrate"])
def test_the_services_settings_are_whole(service: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in SERVICES[service]["environment"].items():
        monkeypatch.setenv(name, filled(value))
    settings = Settings()
    assert settings.database == "postgresql://pantau:pw@db:5432/pantau"
    assert settings.blobs == "s3://pantau"
    assert (settings.s3_endpoint, settings.s3_secure) == ("store:8333", False)
    assert (settings.host, settings.demo) == ("0.0.0.0" if service == "api" else "127.0.0.1", False)


@pytest.mark.unit
def test_every_service_tells_its_health_and_names_its_version() -> None:
    assert set(SERVICES) == {"api", "worker", "migrate", "db", "store"}
    for name, service in SERVICES.items():
        assert re.fullmatch(r"[\w./-]+:\d[\w.-]*", service["image"]), name
        # `migrate` ends: the others wait for its end, not its health.
        assert ("test" in service["healthcheck"]) == (name != "migrate")
    for name in ("api", "worker"):
        waits = {other: how["condition"] for other, how in SERVICES[name]["depends_on"].items()}
        assert waits["migrate"] == "service_completed_successfully"
        assert waits["db"] == waits["store"] == "service_healthy"


@pytest.mark.unit
def test_only_the_door_is_published_and_on_this_machine() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"api"}
    assert [filled(port) for port in SERVICES["api"]["ports"]] == ["127.0.0.1:8000:8000"]


@pytest.mark.unit
def test_the_image_is_built_of_what_is_here_and_runs_as_nobody_special() -> None:
    for image in re.findall(r"^FROM (\S+)", DOCKERFILE, flags=re.MULTILINE):
        assert re.fullmatch(r"[a-z]+:\d[\w.-]+", image)
    for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, flags=re.MULTILINE):
        for source in sources.split():
            assert (ROOT / source).exists(), source
    assert re.findall(r"^USER (\w+)$", DOCKERFILE, flags=re.MULTILINE) == ["pantau"]
    assert 'CMD ["pantau", "check", "--vital"]' in DOCKERFILE


def test_the_store_makes_its_bucket_and_refuses_strangers(s3_server: S3Server) -> None:
    """Starts the store by the file's own command and environment, on free ports of 127.0.0.1."""
    program, folder = weed(), session_folder()
    place = folder / "store"
    (place / "data").mkdir(parents=True)
    ports = free_ports(5)
    names = ("master.port", "volume.port", "filer.port", "s3.port", "admin.port")
    here = [f"-{name}={port}" for name, port in zip(names, ports, strict=True)]
    elsewhere = ("-dir=", "-ip.bind=", "-s3.port=8333")
    given = [word for word in SERVICES["store"]["command"] if not word.startswith(elsewhere)]
    environment = [f"{name}={filled(value)}" for name, value in SERVICES["store"]["environment"].items()]
    command = [
        "/usr/bin/env",
        *environment,
        str(program),
        *given,
        f"-dir={place / 'data'}",
        "-ip.bind=127.0.0.1",
        *here,
    ]
    kept = start(place, command, owner=os.getpid(), user=None, stop_with="SIGKILL")
    endpoint = f"127.0.0.1:{ports[3]}"

    def buckets(secret: str) -> list[str]:
        client = Minio(endpoint=endpoint, access_key="key", secret_key=secret, secure=False, region="us-east-1")
        return [bucket.name for bucket in client.list_buckets()]

    ready = S3Server(kept, endpoint, "key", SECRETS["S3_SECRET_KEY"])
    try:
        kept.wait_until(lambda: ready.answers() and "pantau" in buckets(SECRETS["S3_SECRET_KEY"]), within_s=60)
        with pytest.raises(S3Error, match="SignatureDoesNotMatch"):
            buckets("wrong")
    finally:
        kept.close()
        shutil.rmtree(folder)


def has_compose() -> bool:
    """Whether this machine has Docker's client with Compose."""
    docker = shutil.which("docker")
    if docker is None:
        return False
    asked = subprocess.run([docker, "compose", "version"], capture_output=True, check=False)
    return asked.returncode == 0


# Defined only where it can run: a skip would count as a failure, and most machines have no Docker.
if has_compose():

    @pytest.mark.parametrize("missing", [None, *SECRETS])
    def test_docker_compose_takes_the_file_and_insists_on_each_secret(missing: str | None) -> None:
        environment = {name: value for name, value in (os.environ | SECRETS).items() if name != missing}
        command = ["docker", "compose", "--env-file", os.devnull, "--file", "docker-compose.yml", "config", "--quiet"]
        asked = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert (asked.returncode == 0) == (missing is None), asked.stderr
        assert missing is None or missing in asked.stderr
