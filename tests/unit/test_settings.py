from __future__ import annotations

from pathlib import Path

import pytest

from control.settings import ConfigurationError, load_settings
from tests.support.gateway import KEY


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PORT", "abc", "PORT"),
        ("PORT", "70000", "PORT"),
        ("API_KEY", "short", "API_KEY is too weak"),
        ("API_KEY", "your-api-key", "API_KEY is an example"),
        ("API_KEY", "abababababababababab", "API_KEY is too weak"),
        ("NODE_ENV", "staging", "NODE_ENV"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL"),
        ("OUTBOUND_ALLOW_CIDRS", "10.0.0.0/8,x", "OUTBOUND_ALLOW_CIDRS"),
        ("WEBHOOK_URL", "https://example.com", "WEBHOOK_SECRET"),
        ("RUN_DIR", "/" + "x" * 120, "RUN_DIR"),
        ("MEDIA_S3_BUCKET", "media", "MEDIA_S3_ENDPOINT is missing"),
        ("MEDIA_S3_ENDPOINT", "https://user:word@s3.example.com", "MEDIA_S3_ENDPOINT"),
        ("MEDIA_S3_ENDPOINT", "s3.example.com", "MEDIA_S3_ENDPOINT"),
    ],
)
def test_a_value_that_cannot_be_right_is_one_sentence_that_names_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ConfigurationError) as refused:
        load_settings()

    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "pydantic" not in str(refused.value)


def test_a_secret_is_not_in_the_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_KEY", "hunter2")

    with pytest.raises(ConfigurationError) as refused:
        load_settings()

    assert "hunter2" not in str(refused.value)


def test_an_empty_value_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("API_KEY", "PORT", "REDIS_URL", "RUN_DIR", "WEBHOOK_URL", "WEBHOOK_SECRET"):
        monkeypatch.setenv(name, "")

    settings = load_settings()

    assert (settings.api_key, settings.port, settings.webhook_url) == (None, 3000, None)
    assert settings.bridge_socket_path == Path("data/run/bridge.sock")


def test_links_lead_to_the_port_that_is_served_unless_an_address_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().base_url == "http://localhost:3000"
    monkeypatch.setenv("PORT", "3701")
    assert load_settings().base_url == "http://localhost:3701"
    monkeypatch.setenv("BASE_URL", "https://wa.example")
    assert load_settings().base_url == "https://wa.example"


def test_what_a_monitoring_system_knows_is_no_other_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "Zq8-vN3x_Lw5Tt0RbYk2-Mh7Pc4Jd9Fs6"
    monkeypatch.setenv("METRICS_TOKEN", secret)
    monkeypatch.setenv("JWT_SECRET", secret)

    with pytest.raises(ConfigurationError, match="JWT_SECRET and METRICS_TOKEN are the same"):
        load_settings()


def test_the_user_s_own_names_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCAI_WEBHOOK_URL", "https://example.com/hook")
    monkeypatch.setenv("LOCAI_WEBHOOK_SECRET", KEY)

    settings = load_settings()

    assert settings.webhook_url == "https://example.com/hook"
    assert settings.webhook_secret is not None
    assert settings.webhook_secret.get_secret_value() == KEY


def test_a_dot_env_file_is_not_read_here() -> None:
    Path(".env").write_text("PORT=4000\n")

    assert load_settings().port == 3000


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_ORIGINS", "https://a.example, https://b.example,")
    monkeypatch.setenv("OUTBOUND_ALLOW_CIDRS", "10.0.0.0/8, fd00::/8")

    settings = load_settings()

    assert settings.allowed_origins == ("https://a.example", "https://b.example")
    assert [str(network) for network in settings.outbound_allow_cidrs] == ["10.0.0.0/8", "fd00::/8"]


def test_secrets_are_not_shown_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_KEY", KEY)
    for name in ("ENDPOINT", "BUCKET", "ACCESS_KEY", "SECRET_KEY"):
        monkeypatch.setenv(f"MEDIA_S3_{name}", f"https://{KEY}" if name == "ENDPOINT" else KEY + name)

    assert KEY + "SECRET_KEY" not in repr(load_settings())
    assert KEY not in repr(load_settings().api_key)


def test_an_ffmpeg_that_is_not_there_is_said_at_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FFMPEG_PATH", str(tmp_path))
    with pytest.raises(ConfigurationError, match="FFMPEG_PATH is not a program"):
        load_settings()


@pytest.mark.parametrize(
    "origin", ["https://app.example/", "https://app.example/path", "app.example", "null", "https://u@app.example"]
)
def test_an_origin_no_browser_sends_is_refused(monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    monkeypatch.setenv("ALLOWED_ORIGINS", f"https://a.example,{origin}")
    with pytest.raises(ConfigurationError, match="ALLOWED_ORIGINS"):
        load_settings()


@pytest.mark.parametrize("rate", ["0/60", "100", "100/0", "a/b", "100 / 60"])
def test_a_rate_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, rate: str) -> None:
    monkeypatch.setenv("RATE_LIMIT_KEY", rate)
    with pytest.raises(ConfigurationError, match="RATE_LIMIT_KEY"):
        load_settings()


def test_trusted_proxies_are_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,fd00::/8")
    assert [str(network) for network in load_settings().trusted_proxies] == [
        *("127.0.0.1/32", "10.0.0.0/8", "fd00::/8")
    ]
    monkeypatch.setenv("TRUSTED_PROXIES", "proxy.example")
    with pytest.raises(ConfigurationError, match="TRUSTED_PROXIES"):
        load_settings()
