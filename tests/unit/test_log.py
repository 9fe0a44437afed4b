from __future__ import annotations

import logging

import orjson
import pytest

from control.log import JsonFormatter, mask_phone, mask_tenant


def line(**fields: object) -> dict[str, object]:
    record = logging.makeLogRecord({"name": "x", "levelno": 20, "levelname": "INFO", "msg": "said", **fields})
    value = orjson.loads(JsonFormatter().format(record))
    assert isinstance(value, dict)
    return value


def test_numbers_and_tenants_are_masked_like_the_user_s_examples() -> None:
    assert mask_tenant("tenant12345") == "tenant123***"
    assert mask_phone("+5511999999999") == "+5511***"


@pytest.mark.parametrize("field", ["tenantId", "sessionId", "phone", "to", "jid", "chatId", "phoneNumber"])
def test_a_field_that_names_somebody_is_masked_whoever_logs_it(field: str) -> None:
    assert str(line(**{field: "5511999999999"})[field]).endswith("***")


@pytest.mark.parametrize("field", ["text", "body", "qr", "apiKey", "secret", "token", "authorization"])
def test_a_field_that_must_not_be_seen_is_not_written(field: str) -> None:
    assert line(**{field: "very private"})[field] == "***"


def test_a_line_is_one_object_whatever_is_in_it() -> None:
    assert line(reason="a\nb", thing=object())["reason"] == "a\nb"
