from __future__ import annotations

from pathlib import Path

import pytest

from control.auth.operator import OperatorKey, load_operator_key
from control.auth.principal import PrincipalKind
from control.auth.scopes import ALL_SCOPES
from control.settings import ConfigurationError
from tests.support.gateway import KEY, settings_for


def test_the_key_is_known_by_the_start_of_its_hash() -> None:
    principal = OperatorKey(KEY).principal(KEY)

    assert principal is not None
    assert len(principal.key_id) == 8
    assert principal.key_id not in KEY
    assert (principal.kind, principal.tenants, principal.scopes) == (PrincipalKind.OPERATOR, None, ALL_SCOPES)


def test_a_wrong_key_is_nobody() -> None:
    assert OperatorKey(KEY).principal(KEY + "x") is None


def test_without_api_key_the_file_is_used(tmp_path: Path) -> None:
    _write_key(tmp_path, f"{KEY}\n", 0o600)

    key = load_operator_key(settings_for(tmp_path, api_key=None))

    assert key.principal(KEY) is not None


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620])
def test_a_key_file_others_can_read_or_write_is_refused(tmp_path: Path, mode: int) -> None:
    _write_key(tmp_path, KEY, mode)

    with pytest.raises(ConfigurationError, match="0600"):
        load_operator_key(settings_for(tmp_path, api_key=None))


@pytest.mark.parametrize("key", ["", "short", "aaaaaaaaaaaaaaaaaaaaaaaa"])
def test_a_weak_key_in_the_file_is_refused_and_not_shown(tmp_path: Path, key: str) -> None:
    _write_key(tmp_path, key, 0o600)

    with pytest.raises(ConfigurationError, match="too weak") as refused:
        load_operator_key(settings_for(tmp_path, api_key=None))

    assert not key or key not in str(refused.value)


def test_without_any_key_the_sentence_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="set API_KEY"):
        load_operator_key(settings_for(tmp_path, api_key=None))


def _write_key(data_dir: Path, key: str, mode: int) -> None:
    path = data_dir / "secrets" / "api-key"
    path.parent.mkdir()
    path.write_text(key)
    path.chmod(mode)
