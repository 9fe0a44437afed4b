"""QR codes in the forms they are asked for, drawn in one thread beside the event loop and once for each text."""

from __future__ import annotations

import asyncio
import base64
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum

from control.sessions import drawing

CACHED_CODES = 512


class QrForm(StrEnum):
    """How a code can be drawn."""

    png = "png"
    svg = "svg"
    text = "text"


_DRAW: dict[QrForm, Callable[[str], bytes]] = {
    QrForm.png: lambda text: drawing.draw_png(text),
    QrForm.svg: lambda text: drawing.draw_svg(text),
    QrForm.text: lambda text: drawing.draw_text(text),
}


class QrImages:
    """Draws QR codes without holding up the event loop and remembers the last ones."""

    def __init__(self, *, capacity: int = CACHED_CODES) -> None:
        self._capacity = capacity
        self._drawn: OrderedDict[tuple[QrForm, str], asyncio.Future[bytes]] = OrderedDict()
        # One thread: drawing is pure computing, and more of it at a time would only slow the event loop.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="qr")

    async def draw(self, form: QrForm, text: str) -> bytes:
        """Return the text's QR code in a form; those who ask together share one drawing."""
        drawn = self._drawn.get((form, text))
        if drawn is None:
            drawn = asyncio.get_running_loop().run_in_executor(self._thread, _DRAW[form], text)
            self._drawn[form, text] = drawn
            while len(self._drawn) > self._capacity:
                self._drawn.popitem(last=False)
        self._drawn.move_to_end((form, text))
        # A caller that goes away must not cancel the drawing of the others.
        return await asyncio.shield(drawn)

    async def data_url(self, text: str) -> str:
        """Return `data:image/png;base64,…` of the text's QR code."""
        return "data:image/png;base64," + base64.b64encode(await self.draw(QrForm.png, text)).decode("ascii")

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)
