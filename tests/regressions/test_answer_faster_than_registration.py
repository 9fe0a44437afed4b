"""Seen elsewhere: the request was written before the caller was registered, so a fast answer was lost for ever.

Here the caller is registered first. The transport below answers while the request is still being written, which is
faster than any socket.
"""

from __future__ import annotations

import asyncio
from typing import Any

import orjson

from control.rpc.peer import Peer


class AnswersWhileWriting(asyncio.Transport):
    def __init__(self, peer: Peer) -> None:
        super().__init__()
        self._peer = peer

    def write(self, data: Any) -> None:
        request = orjson.loads(data)
        self._peer.data_received(orjson.dumps({"jsonrpc": "2.0", "id": request["id"], "result": "fast"}) + b"\n")

    def abort(self) -> None:
        pass


async def test_an_answer_that_comes_while_the_request_is_written_is_not_lost() -> None:
    peer = Peer()
    peer.connection_made(AnswersWhileWriting(peer))

    assert await peer.call("any", {}, seconds=1) == "fast"
