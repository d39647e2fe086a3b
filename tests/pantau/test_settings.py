"""Settings: each documented, read as told, and what cannot be is said without repeating it."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from pantau.settings import AGENT_CAMERA, AGENT_TOKEN, MOVE_TO, PREFIX, Settings, faults, unknown

pytestmark = pytest.mark.unit

DOCUMENT = (Path(__file__).parents[2] / "docs" / "operating.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `PANTAU_([A-Z0-9_]+)` \| (.*?) ?\| (.*) \|$", re.MULTILINE)


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder without a file of settings."""
    monkeypatch.chdir(tmp_path)


def written(default: object) -> str:
    """A default as the document shows it; nothing for what is empty."""
    plain = default.get_secret_value() if isinstance(default, SecretStr) else default
    if plain in ("", (), {}):
        return ""
    if isinstance(plain, bool):
        return f"`{plain}`".lower()
    return f"`{plain:g}`" if isinstance(plain, float) else f"`{plain}`"


def test_every_setting_is_documented_with_its_default_and_no_other_is() -> None:
    told = {name.lower(): (default, text) for name, default, text in ROW.findall(DOCUMENT)}
    fields = Settings.model_fields
    assert told == {name: (written(field.default), field.description) for name, field in fields.items()}


def test_the_document_names_no_setting_that_does_not_exist() -> None:
    named = set(re.findall(r"\bPANTAU_([A-Z0-9_]+)", DOCUMENT))
    of_one_command = {name.removeprefix(PREFIX) for name in (AGENT_TOKEN, AGENT_CAMERA, MOVE_TO)}
    assert {name.lower() for name in named - of_one_command} <= set(Settings.model_fields)


def test_a_file_in_the_working_folder_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("PANTAU_NAME=Kota\nPANTAU_PORT=9000\nPOSTGRES_PASSWORD=x\n")
    monkeypatch.setenv("PANTAU_PORT", "9001")
    monkeypatch.setenv("PANTAU_TIMEZONE", "")
    settings = Settings()
    assert (settings.name, settings.port, settings.timezone) == ("Kota", 9001, "Asia/Jakarta")


def test_embedded_data_lies_in_the_data_folder_and_a_demos_apart(tmp_path: Path) -> None:
    settings = Settings(data_dir=Path("data"))
    assert settings.database == f"sqlite:///{tmp_path}/data/pantau.db"
    assert settings.blobs == f"file://{tmp_path}/data/blobs"
    demo = settings.model_copy(update={"demo": True})
    assert demo.database == f"sqlite:///{tmp_path}/data/demo/pantau.db"
    assert demo.blobs == f"file://{tmp_path}/data/demo/blobs"


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"host": "0.0.0.0"}, "http://127.0.0.1:8000"),
        ({"host": "::1", "port": 81}, "http://[::1]:81"),
        ({"public_url": "https://pantau.city.example/"}, "https://pantau.city.example"),
    ],
)
def test_the_address_is_one_that_people_can_open(given: dict[str, object], url: str) -> None:
    assert Settings.model_validate(given).url == url


def test_trusted_proxies_are_addresses_and_networks() -> None:
    settings = Settings.model_validate({"trusted_proxies": "10.0.0.5, 172.16.0.0/12"})
    assert settings.trusted_proxies == ("10.0.0.5", "172.16.0.0/12")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PANTAU_PORT", "hunter2", "PANTAU_PORT: "),
        ("PANTAU_TIMEZONE", "Mars/Olympus", "PANTAU_TIMEZONE: there is no time zone"),
        ("PANTAU_TIMEZONE", "../../etc/passwd", "PANTAU_TIMEZONE: there is no time zone"),
        ("PANTAU_PUBLIC_URL", "pantau.city.example", "PANTAU_PUBLIC_URL: write scheme and host"),
        ("PANTAU_TRUSTED_PROXIES", "*", "PANTAU_TRUSTED_PROXIES: '*' is no address"),
        ("PANTAU_LOG_FORMAT", "xml", "PANTAU_LOG_FORMAT: "),
        ("PANTAU_BLOBS_URL", "s3://photos", "set PANTAU_S3_ENDPOINT, PANTAU_S3_ACCESS_KEY, PANTAU_S3_SECRET_KEY too"),
    ],
)
def test_what_cannot_be_is_said_by_its_name(name: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as caught:
        Settings()
    (sentence,) = faults(caught.value)
    assert told in sentence
    assert "hunter2" not in sentence + str(caught.value)


def test_a_name_that_is_no_setting_is_pointed_out_with_the_one_that_was_meant() -> None:
    told = unknown({"PANTAU_DATABSE_URL": "postgresql://u:hunter2@db/x", "PANTAU_NAME": "Kota", "HOME": "/"})
    assert told == ["PANTAU_DATABSE_URL is no setting and changes nothing; PANTAU_DATABASE_URL is one"]
