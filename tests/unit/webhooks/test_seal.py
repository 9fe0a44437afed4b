from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from control.storage.seal import Seal, SealBroken


def test_a_sealed_value_opens_and_shows_nothing(tmp_path: Path) -> None:
    seal = Seal.from_file(tmp_path / "secrets" / "control.key")
    sealed = seal.seal("whsec_secret", "webhook:t1")
    assert "secret" not in sealed
    assert seal.open(sealed, "webhook:t1") == "whsec_secret"
    assert seal.seal("whsec_secret", "webhook:t1") != sealed


def test_a_sealed_value_opens_neither_for_another_tenant_nor_with_another_key(tmp_path: Path) -> None:
    seal = Seal.from_file(tmp_path / "a.key")
    sealed = seal.seal("whsec_secret", "webhook:t1")
    with pytest.raises(SealBroken):
        seal.open(sealed, "webhook:t2")
    with pytest.raises(SealBroken):
        Seal.from_file(tmp_path / "b.key").open(sealed, "webhook:t1")


@pytest.mark.parametrize("damaged", ["", "v1.", "v1.AAAA", "v1.?", "v2.AAAA", "whsec_plain"])
def test_damage_is_noticed(tmp_path: Path, damaged: str) -> None:
    with pytest.raises(SealBroken):
        Seal.from_file(tmp_path / "k").open(damaged, "webhook:t1")


def test_the_key_file_is_private_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "control.key"
    sealed = Seal.from_file(path).seal("x", "c")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]
    assert Seal.from_file(path).open(sealed, "c") == "x"


def test_a_damaged_key_file_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "k"
    path.write_bytes(b"short")
    with pytest.raises(ValueError, match="backup"):
        Seal.from_file(path)
    assert path.read_bytes() == b"short"


def test_processes_that_start_at_once_share_one_key(tmp_path: Path) -> None:
    path = tmp_path / "k"
    with ThreadPoolExecutor(8) as pool:
        seals = list(pool.map(lambda _: Seal.from_file(path), range(8)))
    sealed = seals[0].seal("x", "c")
    assert [seal.open(sealed, "c") for seal in seals] == ["x"] * 8
