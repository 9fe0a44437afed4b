from __future__ import annotations

import asyncio
import base64
import io

import pytest
import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_L

from control.sessions import qr
from control.sessions.qr import MODULE_PIXELS, QUIET_MODULES, QrImages, draw_png

WHATSAPP = "https://wa.me/settings/linked_devices#2@" + "Ab3/" * 50 + ",k=" * 30


@pytest.mark.parametrize("text", ["x", WHATSAPP, "ü" * 500, "1" * 2_048])
def test_the_picture_shows_the_code_of_the_text_module_by_module(text: str) -> None:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_L, border=QUIET_MODULES)
    code.add_data(text)
    code.make()
    modules = code.get_matrix()

    picture = Image.open(io.BytesIO(draw_png(text)))
    picture.load()

    assert picture.size == (len(modules) * MODULE_PIXELS,) * 2
    for y in range(picture.height):
        for x in range(0, picture.width, MODULE_PIXELS):
            dark = picture.getpixel((x, y)) == 0
            assert dark == bool(modules[y // MODULE_PIXELS][x // MODULE_PIXELS])


async def test_a_text_is_drawn_once_for_all_who_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def draw(text: str) -> bytes:
        drawn.append(text)
        return text.encode()

    monkeypatch.setattr(qr, "draw_png", draw)
    images = QrImages()

    urls = await asyncio.gather(*(images.data_url("a") for _ in range(20)))
    images.close()

    assert drawn == ["a"]
    assert set(urls) == {"data:image/png;base64," + base64.b64encode(b"a").decode()}


async def test_only_the_last_codes_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def draw(text: str) -> bytes:
        drawn.append(text)
        return b""

    monkeypatch.setattr(qr, "draw_png", draw)
    images = QrImages(capacity=2)

    for text in ("a", "b", "a", "c", "a", "b"):
        await images.data_url(text)
    images.close()

    assert drawn == ["a", "b", "c", "b"]


async def test_one_who_stops_waiting_does_not_take_the_drawing_from_the_others() -> None:
    images = QrImages()
    leaving = asyncio.create_task(images.data_url(WHATSAPP))
    staying = asyncio.create_task(images.data_url(WHATSAPP))
    await asyncio.sleep(0)

    leaving.cancel()

    assert (await staying).startswith("data:image/png;base64,")
    images.close()
