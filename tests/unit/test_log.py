from __future__ import annotations

import io
import logging

import orjson
import pytest

from control.log import BATCH_CHARACTERS, BatchingHandler, JsonFormatter, mask_phone, mask_tenant
from tests.support.wait import wait_for


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


class Stream(io.StringIO):
    """Counts how often it is written to."""

    writes = 0

    def write(self, text: str) -> int:
        self.writes += 1
        return super().write(text)


def record(level: int = logging.INFO, message: str = "said") -> logging.LogRecord:
    return logging.makeLogRecord({"name": "x", "levelno": level, "levelname": "-", "msg": message})


async def test_lines_that_come_together_are_written_together_and_soon() -> None:
    stream = Stream()
    handler = BatchingHandler(stream)
    for _ in range(5):
        handler.handle(record())
    assert stream.writes == 0
    await wait_for(lambda: stream.writes > 0)
    assert (stream.writes, stream.getvalue()) == (1, "said\n" * 5)


@pytest.mark.parametrize("loud", [record(logging.WARNING), record(message="x" * (BATCH_CHARACTERS + 1))])
async def test_a_warning_and_a_great_deal_do_not_wait_and_keep_the_order(loud: logging.LogRecord) -> None:
    stream = Stream()
    handler = BatchingHandler(stream)
    handler.handle(record(message="before"))
    handler.handle(loud)
    assert stream.getvalue() == f"before\n{loud.msg}\n"


def test_without_an_event_loop_nothing_waits() -> None:
    stream = Stream()
    BatchingHandler(stream).handle(record())
    assert stream.getvalue() == "said\n"


async def test_what_waits_is_written_at_the_end() -> None:
    stream = Stream()
    handler = BatchingHandler(stream)
    handler.handle(record())
    handler.flush()
    handler.flush()
    assert (stream.writes, stream.getvalue()) == (1, "said\n")


async def test_a_log_that_cannot_be_written_stops_nothing() -> None:
    stream = Stream()
    stream.close()
    BatchingHandler(stream).handle(record(logging.ERROR))
