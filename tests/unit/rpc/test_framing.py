from __future__ import annotations

import random

import pytest

from control.rpc.framing import FrameError, LineSplitter, decode_line, encode_line


def test_a_message_is_one_line_of_utf_8() -> None:
    assert encode_line({"a": "é\n"}) == '{"a":"é\\n"}\n'.encode()


def test_a_message_that_is_too_long_is_not_sent() -> None:
    with pytest.raises(FrameError):
        encode_line({"a": "x" * 20}, max_bytes=20)


def test_a_message_of_just_the_maximum_is_sent() -> None:
    line = encode_line({"a": "x"}, max_bytes=9)

    assert len(line) == 10


@pytest.mark.parametrize("line", [b"", b"x", b"[]", b"1", b"null", b"\xff", b'{"a":1} {"b":2}'])
def test_a_line_that_is_no_json_object_is_refused(line: bytes) -> None:
    with pytest.raises(FrameError):
        decode_line(line)


def test_lines_come_out_whole_however_the_bytes_are_cut() -> None:
    lines = [b'{"n":%d,"pad":"%s"}' % (n, b"x" * (n % 40)) for n in range(300)]
    stream = b"".join(line + b"\n" for line in lines)
    dice = random.Random(7)
    splitter = LineSplitter()
    received: list[bytes] = []
    while stream:
        size = dice.randint(1, 60)
        received += splitter.feed(stream[:size])
        stream = stream[size:]

    assert received == lines


def test_lines_before_one_that_is_too_long_still_come_out() -> None:
    lines = LineSplitter(max_bytes=10).feed(b"ok\n" + b"x" * 11)

    assert next(lines) == b"ok"
    with pytest.raises(FrameError):
        next(lines)


def test_a_line_that_is_too_long_is_refused_before_its_end_arrives() -> None:
    splitter = LineSplitter(max_bytes=10)
    assert list(splitter.feed(b"x" * 10)) == []

    with pytest.raises(FrameError):
        list(splitter.feed(b"x"))


def test_empty_lines_are_nothing() -> None:
    assert list(LineSplitter().feed(b"\n\n{}\n\n")) == [b"{}"]
