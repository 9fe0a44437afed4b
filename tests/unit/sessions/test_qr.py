from __future__ import annotations

import asyncio
import base64

import pytest

from control.sessions import drawing
from control.sessions.qr import QrForm, QrImages

WHATSAPP = "https://wa.me/settings/linked_devices#2@" + "Ab3/" * 50 + ",k=" * 30


async def test_a_text_is_drawn_once_for_all_who_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def draw(text: str) -> bytes:
        drawn.append(text)
        return text.encode()

    monkeypatch.setattr(drawing, "draw_png", draw)
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

    monkeypatch.setattr(drawing, "draw_png", draw)
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


async def test_each_form_is_drawn_by_itself() -> None:
    images = QrImages()

    png, svg, text = [await images.draw(form, "x") for form in (QrForm.png, QrForm.svg, QrForm.text)]
    images.close()

    assert png.startswith(b"\x89PNG")
    assert svg.startswith(b"<svg")
    assert "█" in text.decode()
