from __future__ import annotations

from pathlib import Path

import pytest

from control.auth.keys import ApiKey, load_api_key
from control.errors import GatewayError
from control.settings import ConfigurationError
from tests.support.gateway import KEY, settings_for


def test_the_key_is_known_by_the_start_of_its_hash() -> None:
    principal = ApiKey(KEY).authenticate({"Authorization": f"Bearer {KEY}"})

    assert len(principal.key_id) == 8
    assert principal.key_id not in KEY


@pytest.mark.parametrize("headers", [{}, {"Authorization": ""}, {"Authorization": "Bearer "}, {"X-API-Key": " "}])
def test_no_key_is_told_how_to_send_one(headers: dict[str, str]) -> None:
    with pytest.raises(GatewayError) as refused:
        ApiKey(KEY).authenticate(headers)

    assert "Authorization: Bearer" in refused.value.detail


def test_a_wrong_key_is_never_repeated() -> None:
    with pytest.raises(GatewayError) as refused:
        ApiKey(KEY).authenticate({"X-API-Key": "something-secret"})

    assert refused.value.code == "unauthorized"
    assert "something-secret" not in str(refused.value)


def test_without_api_key_the_file_is_used(tmp_path: Path) -> None:
    _write_key(tmp_path, f"{KEY}\n", 0o600)

    key = load_api_key(settings_for(tmp_path, api_key=None))

    key.authenticate({"X-API-Key": KEY})


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620])
def test_a_key_file_others_can_read_or_write_is_refused(tmp_path: Path, mode: int) -> None:
    _write_key(tmp_path, KEY, mode)

    with pytest.raises(ConfigurationError, match="0600"):
        load_api_key(settings_for(tmp_path, api_key=None))


@pytest.mark.parametrize("key", ["", "short", "aaaaaaaaaaaaaaaaaaaaaaaa"])
def test_a_weak_key_in_the_file_is_refused_and_not_shown(tmp_path: Path, key: str) -> None:
    _write_key(tmp_path, key, 0o600)

    with pytest.raises(ConfigurationError, match="too weak") as refused:
        load_api_key(settings_for(tmp_path, api_key=None))

    assert not key or key not in str(refused.value)


def test_without_any_key_the_sentence_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="set API_KEY"):
        load_api_key(settings_for(tmp_path, api_key=None))


def _write_key(data_dir: Path, key: str, mode: int) -> None:
    path = data_dir / "secrets" / "api-key"
    path.parent.mkdir()
    path.write_text(key)
    path.chmod(mode)
