"""Ways to say "an internal address", and a listener that counts who reached one."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

from aiohttp.abc import ResolveResult

# Spellings of this machine. Names are answered by `answers` below.
LOOPBACK_HOSTS = [
    *("127.0.0.1", "127.0.0.2", "127.1", "127.0.1", "127.255.255.254", "0.0.0.0", "0", "0.0", "0.0.0"),
    *("2130706433", "017700000001", "0x7f000001", "0x7f.0.0.1", "0x7f.1", "0177.0.0.1", "0177.1", "127.0.0.01"),
    *("127.000.000.001", "0x7f.0x0.0x0.0x1", "00000000177.0.0.1", "127.0.0.1.", "0x7F000001", "127.0x0.0.1"),
    *("①②⑦.0.0.1", "127。0。0。1", "１２７.0.0.1", "127．0．0．1", "⑯⑨.254.169.254"),  # noqa: RUF001
    *("localhost", "LOCALHOST", "localhost.", "LocalHost", "ⓛocalhost", "foo.localhost", "localhost.localdomain"),
    *("[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]"),
    *("[0000::1]", "[::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]"),
    *(
        "[2002:7f00:1::]",
        "[2002:7f00:0001::1]",
        "[2001:0:7f00:1::]",
        "[::ffff:0.0.0.0]",
        "[fe80::1]",
        "[::1%25lo]",
    ),
]
INTERNAL_ADDRESSES = [
    *("10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255"),
    *("169.254.169.254", "169.254.170.2", "169.254.0.1", "100.64.0.1", "100.127.255.254", "100.100.100.200"),
    *("0.1.2.3", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255"),
    *("198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *("[fc00::1]", "[fd00:ec2::254]", "[fdff::1]", "[fe80::1]", "[febf::1]", "[fec0::1]", "[feff::1]"),
    *("[ff00::1]", "[ff02::1]", "[ff0e::1]", "[100::1]", "[2001:db8::1]", "[2001:10::1]", "[2001:2::1]"),
    *("[3fff::1]", "[5f00::1]", "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]", "[::10.0.0.1]"),
    *("[64:ff9b::10.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::]", "[2002:c0a8:1::]"),
    *("[2001:0:4136:e378:8000:63bf:3fff:fdd2]", "[::ffff:100.64.0.1]", "[::ffff:192.168.1.1]"),
]
PUBLIC_ADDRESSES = [
    *("1.1.1.1", "8.8.8.8", "93.184.216.34", "172.15.255.255", "172.32.0.1", "192.167.255.255", "11.0.0.1"),
    *("100.63.255.255", "100.128.0.1", "169.253.255.255", "198.17.255.255", "198.20.0.1", "223.255.255.254"),
    *("2606:4700:4700::1111", "2a00:1450:4001:800::200e", "::ffff:8.8.8.8"),
]
# What a customer's own name server may answer.
REBINDING = {
    "loopback.example": ["127.0.0.1"],
    "loopback6.example": ["::1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "mixed.example": ["93.184.216.34", "127.0.0.1"],
    "mixed-reversed.example": ["127.0.0.1", "93.184.216.34"],
    "mixed6.example": ["2606:4700:4700::1111", "::1"],
    "metadata.example": ["169.254.169.254"],
    "private.example": ["10.0.0.5"],
    "nat64.example": ["64:ff9b::7f00:1"],
    "any.example": ["0.0.0.0"],
    "127.0.0.1.nip.example": ["127.0.0.1"],
}


def internal_answers(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    """Play a customer's name server."""
    if host not in REBINDING:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")
    return [
        ResolveResult(
            hostname=host,
            host=address,
            port=port,
            family=socket.AF_INET6 if ":" in address else socket.AF_INET,
            proto=0,
            flags=0,
        )
        for address in REBINDING[host]
    ]


class Listener:
    """Counts connections to a port on every address of this machine."""

    def __init__(self) -> None:
        self.port = 0
        self.connections = 0


@contextlib.asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    """Listen on one port of every address of this machine."""
    counted = Listener()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        counted.connections += 1
        writer.close()

    first = await asyncio.start_server(connected, "0.0.0.0", 0)
    counted.port = first.sockets[0].getsockname()[1]
    servers = [first]
    if socket.has_ipv6:
        with contextlib.suppress(OSError):
            servers.append(await asyncio.start_server(connected, "::1", counted.port))
    yield counted
    for server in servers:
        server.close()
        await server.wait_closed()
