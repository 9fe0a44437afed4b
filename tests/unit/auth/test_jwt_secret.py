"""Where the signing secret comes from, and which are refused."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
from pydantic import ValidationError

from control.auth.jwt import Purpose, Signer
from control.auth.jwt_secret import load_signer
from control.settings import ConfigurationError, load_settings
from tests.support.gateway import settings_for

GOOD = "tW3vq0ZbX8mJ5rKd2LhY7sPnGfUe9AoC"
FAR = 4_000_000_000


def token_of(signer: Signer) -> str:
    return signer.sign(Purpose.ACCESS, "x", FAR)[0]


def test_jwt_secret_signs(tmp_path: Path) -> None:
    signer = load_signer(settings_for(tmp_path, jwt_secret=GOOD))

    assert Signer(GOOD.encode()).read(Purpose.ACCESS, token_of(signer)).subject == "x"
    assert not (tmp_path / "secrets" / "jwt-secret").exists()


def test_without_it_a_secret_is_made_once_that_only_its_owner_can_read(tmp_path: Path) -> None:
    first = load_signer(settings_for(tmp_path))
    second = load_signer(settings_for(tmp_path))

    second.read(Purpose.ACCESS, token_of(first))
    file = tmp_path / "secrets" / "jwt-secret"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [path.name for path in file.parent.iterdir()] == ["jwt-secret"]
    assert len(file.read_text().strip()) == 64


def test_two_that_start_at_once_sign_with_the_same_secret(tmp_path: Path) -> None:
    signers: list[Signer] = []
    together = threading.Barrier(8)

    def start() -> None:
        together.wait()
        signers.append(load_signer(settings_for(tmp_path)))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for signer in signers:
        signers[0].read(Purpose.ACCESS, token_of(signer))
    assert len(signers) == 8


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620])
def test_a_file_others_can_use_is_refused(tmp_path: Path, mode: int) -> None:
    load_signer(settings_for(tmp_path))
    (tmp_path / "secrets" / "jwt-secret").chmod(mode)

    with pytest.raises(ConfigurationError, match="0600"):
        load_signer(settings_for(tmp_path))


@pytest.mark.parametrize("content", ["", "short\n", "a" * 64])
def test_a_damaged_file_is_refused_and_not_replaced(tmp_path: Path, content: str) -> None:
    load_signer(settings_for(tmp_path))
    file = tmp_path / "secrets" / "jwt-secret"
    file.write_text(content)

    with pytest.raises(ConfigurationError, match="jwt-secret"):
        load_signer(settings_for(tmp_path))
    assert file.read_text() == content


WEAK = [
    "x" * 64,
    "abab" * 16,
    GOOD[:31],
    "your-super-secret-jwt-key-change-in-production",
    "your_jwt_secret_key_at_least_32_characters_long",
    "CHANGE_ME_CHANGE_ME_CHANGE_ME_CHANGE_ME",
    "please-replace-this-with-random-characters-9f2",
    "12345678901234567890123456789012abcdefg",
    "this-is-only-an-example-of-a-secret-83hd72hs",
]


@pytest.mark.parametrize("secret", WEAK)
@pytest.mark.parametrize("name", ["JWT_SECRET", "JWT_SECRET_PREVIOUS"])
def test_weak_secrets_and_examples_are_refused_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, secret: str
) -> None:
    monkeypatch.setenv(name, secret)

    with pytest.raises(ConfigurationError, match=f"^{name} is ") as refused:
        load_settings()

    assert secret not in str(refused.value)


def test_the_secret_before_is_read_too(tmp_path: Path) -> None:
    old = "Qy8nV2cR6wT1zE5uB9kM3xH7jL0pDaSg"
    signer = load_signer(settings_for(tmp_path, jwt_secret=GOOD, jwt_secret_previous=old))

    signer.read(Purpose.ACCESS, token_of(Signer(old.encode())))


def test_the_same_secret_twice_is_no_rotation(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="JWT_SECRET_PREVIOUS"):
        settings_for(tmp_path, jwt_secret=GOOD, jwt_secret_previous=GOOD)
