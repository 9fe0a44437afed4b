from __future__ import annotations

import re

import pytest

from control.auth.key_format import KEY_ID, key_id_of, new_key_id, new_secret


def test_a_key_has_the_shape_scanners_look_for_and_its_id_in_front() -> None:
    for _ in range(200):
        key_id = new_key_id()
        key = new_secret(key_id)

        assert re.fullmatch(r"wk_live_[0-9A-Za-z]{36}", key)
        assert KEY_ID.fullmatch(key_id)
        assert key.startswith(f"wk_live_{key_id}")
        assert key_id_of(key) == key_id


def test_two_keys_of_one_id_differ() -> None:
    assert new_secret("3fWq8ZkT") != new_secret("3fWq8ZkT")


def test_the_checksum_stays_what_it_was() -> None:
    """CRC-32 of the thirty in base 62, digits before capitals before small letters: scanners compute it so."""
    assert key_id_of("wk_live_3fWq8ZkT00000000000000000000004WdSds") == "3fWq8ZkT"


@pytest.mark.parametrize("position", range(8, 44))
def test_one_wrong_character_anywhere_is_found(position: int) -> None:
    key = new_secret("3fWq8ZkT")
    for other in "aZ5":
        if key[position] != other:
            assert key_id_of(key[:position] + other + key[position + 1 :]) is None


@pytest.mark.parametrize("given", ["", "wk_live_", "wk_test_" + "a" * 36, "wk_live_" + "ä" * 36, "x" * 44])
def test_what_is_no_key_has_no_id(given: str) -> None:
    assert key_id_of(given) is None
