"""The connect page in a real browser: from a link made by API to a number that is connected."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Browser, Page, Request, expect

from control.sessions.drawing import MODULE_PIXELS, matrix
from tests.support.installation import Installation
from tests.support.sandbox import Sandbox
from tests.support.tenants import session, until_connected

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]

HOSTILE = "<img src=x onerror=alert(1)>{name}"
PHONE: dict[str, Any] = {"viewport": {"width": 320, "height": 640}, "is_mobile": True, "has_touch": True}

# Every text that is seen, and its contrast with the first ground behind it that is not clear (WCAG 2.2, 1.4.3).
CONTRASTS = """() => {
  const light = (color) => {
    const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3).map((part) => {
      const x = part / 255; return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)$/.test(color)) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility() || element.closest(".aloud, noscript")) continue;
    const [text, behind] = [light(getComputedStyle(element).color), light(ground(element))];
    const ratio = (Math.max(text, behind) + 0.05) / (Math.min(text, behind) + 0.05);
    found.push([element.textContent.trim().slice(0, 40), Math.round(ratio * 100) / 100]);
  }
  return found;
}"""

# The lowest contrast of the page's choice of black or white, on 4,096 colours.
LOWEST_ON_BRANDS = """async () => {
  const { onColor } = await import(document.querySelector("script").src.replace("main.js", "color.js"));
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const weights = [0.2126, 0.7152, 0.0722];
  let lowest = 21;
  for (let n = 0; n < 4096; n += 1) {
    const parts = [n >> 8, (n >> 4) & 15, n & 15];
    const ground = parts.reduce((sum, part, at) => sum + weights[at] * linear(part / 15), 0);
    const color = "#" + parts.map((part) => part.toString(16).repeat(2)).join("");
    const words = onColor(color) === "#ffffff" ? 1 : 0;
    lowest = Math.min(lowest, (Math.max(ground, words) + 0.05) / (Math.min(ground, words) + 0.05));
  }
  return lowest;
}"""


class Visitor:
    """Somebody with a browser; what the page did behind their back is kept."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[Request] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))

    async def says(self, text: str | re.Pattern[str]) -> None:
        await expect(self.page.locator("#status")).to_have_text(text, timeout=20_000)


@asynccontextmanager
async def visiting(browser: Browser, **options: Any) -> AsyncIterator[Visitor]:
    context = await browser.new_context(**{"locale": "en-US", **options})
    try:
        yield Visitor(await context.new_page())
    finally:
        await context.close()


async def new_link(gateway: Installation, tenant: str, **body: Any) -> dict[str, Any]:
    status, link = await session(gateway, "POST", f"{tenant}/connect-link", body)
    assert status == 201, link
    # The address as it is seen from here: an installation's BASE_URL is what its visitors use.
    link["here"] = f"{gateway.url}/connect#{link['url'].partition('#')[2]}"
    return dict(link)


async def test_a_link_leads_from_the_code_on_the_page_to_a_connected_number(
    browser: Browser, gateway: Installation, sandbox: Sandbox
) -> None:
    brand = {"name": HOSTILE, "color": "#ffd400"}
    link = await new_link(gateway, "page-qr", brand=brand, returnUrl="https://app.example/done")
    assert (await session(gateway, "GET", "page-qr/status"))[0] == 404
    async with visiting(browser) as visitor:
        page = visitor.page
        await page.goto(link["here"])

        await visitor.says("Waiting for you to scan the code with WhatsApp.")
        await expect(page.locator("#title")).to_have_text(f"Connect your WhatsApp to {HOSTILE}")
        status, known = await session(gateway, "GET", "page-qr/status")
        assert (status, known["status"]) == (200, "qr")
        assert await page.locator("#qr").get_attribute("src") == known["qrCode"]
        assert await page.locator("#qr").evaluate("image => image.complete && image.naturalWidth > 100")
        assert await page.locator("#qr").get_attribute("alt") == "QR code to scan with WhatsApp"
        assert await seen(page) == matrix(known["qr"])
        await sandbox.scan_qr(known["qr"], "+5511955551234")

        await visitor.says("Connected ✓")
        await expect(page.locator("#number-ends")).to_have_text("Your number ending in 1234 is linked.")
        assert "5511955551234" not in await page.content()
        assert await page.title() == f"Connected ✓ · Connect your WhatsApp to {HOSTILE}"
        assert await page.locator("#return").get_attribute("href") == "https://app.example/done"
        assert await page.evaluate("document.activeElement.id") == "title"

    await until_connected(gateway, "page-qr")
    assert visitor.complaints == []
    assert {request.url.split("/")[2] for request in visitor.requests if not request.url.startswith("data:")} == {
        gateway.url.split("/")[2]
    }
    secret = link["url"].rpartition(".")[2]
    # Playwright names the address of the window with what stands behind the #; nothing else has it.
    sent = [
        request.url for request in visitor.requests if request.url.partition("#")[0] != f"{gateway.url}/connect"
    ]
    assert sent
    assert not [url for url in sent if secret in url]
    assert secret not in gateway.logs()


async def seen(page: Page) -> list[list[bool]]:
    """The modules of the code as they are on the screen, True for dark."""
    picture = Image.open(io.BytesIO(await page.locator("#qr").screenshot())).convert("L")
    natural = await page.locator("#qr").evaluate("image => image.naturalWidth")
    modules = natural // MODULE_PIXELS
    middle = [int((at + 0.5) * picture.width / modules) for at in range(modules)]
    return [[int(str(picture.getpixel((x, y)))) < 128 for x in middle] for y in middle]


async def test_on_a_phone_a_number_is_typed_and_its_code_links_it(
    browser: Browser, gateway: Installation, sandbox: Sandbox
) -> None:
    number = "+5511955557788"
    link = await new_link(gateway, "page-code", brand={"name": "Loja Ação"})
    async with visiting(browser, **PHONE, locale="pt-BR") as visitor:
        page = visitor.page
        await page.goto(link["here"])

        await visitor.says("Informe seu número para receber um código para o celular.")
        assert await page.evaluate("document.documentElement.lang") == "pt-BR"
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await page.fill("#number", "hello")
        await page.tap("#ask")
        await expect(page.locator("#number-error")).to_contain_text("Isto não é um número")
        assert await page.locator("#number").get_attribute("aria-invalid") == "true"
        await page.fill("#number", "+55 (11) 95555-7788")
        await page.tap("#ask")

        await expect(page.locator("#code")).to_have_text(re.compile(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$"), timeout=20_000)
        _, known = await session(gateway, "GET", "page-code/status")
        assert await page.locator("#code").text_content() == known["pairingCode"]
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await sandbox.enter_code(known["pairingCode"], number)
        await visitor.says("Conectado ✓")
        await expect(page.locator("#number-ends")).to_have_text("Seu número com final 7788 está conectado.")
    # The one answer that refused what is no number.
    assert [text for text in visitor.complaints if "422" not in text] == []


async def test_an_open_page_says_that_its_link_was_revoked_and_a_new_visit_does_too(
    browser: Browser, gateway: Installation
) -> None:
    link = await new_link(gateway, "page-revoked")
    async with visiting(browser) as visitor:
        await visitor.page.goto(link["here"])
        await visitor.says("Waiting for you to scan the code with WhatsApp.")

        status, _ = await session(gateway, "DELETE", f"page-revoked/connect-links/{link['id']}")

        assert status == 200
        await visitor.says("This link was withdrawn. Ask for a new one.")
        await expect(visitor.page.locator("#qr-panel")).to_be_hidden()
    async with visiting(browser, locale="pt-PT") as visitor:
        await visitor.page.goto(link["here"])
        await visitor.says("Este link foi cancelado. Peça um novo.")


async def test_a_link_that_is_none_says_so(browser: Browser, gateway: Installation) -> None:
    link = await new_link(gateway, "page-none")
    async with visiting(browser) as visitor:
        for address in (f"{gateway.url}/connect", f"{gateway.url}/connect#x", link["here"][:-5]):
            await visitor.page.goto("about:blank")
            await visitor.page.goto(address)
            await visitor.says("This link is not valid. Check that you copied all of it, or ask for a new one.")


async def test_a_reload_goes_on_with_the_visit_and_another_window_is_another_use(
    browser: Browser, gateway: Installation
) -> None:
    link = await new_link(gateway, "page-once", maxUses=1)
    async with visiting(browser) as visitor:
        await visitor.page.goto(link["here"])
        await visitor.says("Waiting for you to scan the code with WhatsApp.")
        await visitor.page.reload()
        await visitor.says("Waiting for you to scan the code with WhatsApp.")
        async with visiting(browser) as other:
            await other.page.goto(link["here"])
            await other.says("This link was opened already and cannot be opened again. Ask for a new one.")


async def test_the_page_can_be_worked_by_keyboard_and_read_in_any_light(
    browser: Browser, gateway: Installation
) -> None:
    link = await new_link(gateway, "page-keys", brand={"name": "Loja", "color": "#1b2a6b"})
    async with visiting(browser) as visitor:
        page = visitor.page
        await page.goto(link["here"])
        await visitor.says("Waiting for you to scan the code with WhatsApp.")
        await readable_in_any_light(page)
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.id") == "by-qr"
        await page.keyboard.press("ArrowRight")
        await visitor.says("Enter your number to get a code for your phone.")
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.id") == "number"
        await page.keyboard.type("12")
        await page.keyboard.press("Enter")
        await expect(page.locator("#number-error")).not_to_be_empty()
        await readable_in_any_light(page)
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.id") == "language"
        await page.keyboard.press("Enter")
        await visitor.says("Informe seu número para receber um código para o celular.")
        await expect(page.locator("#title")).to_have_text("Conecte seu WhatsApp a Loja")


async def readable_in_any_light(page: Page) -> None:
    await page.emulate_media(color_scheme="light")
    await readable(page)
    await page.emulate_media(color_scheme="dark")
    await readable(page)


async def readable(page: Page) -> None:
    texts = await page.evaluate(CONTRASTS)
    assert len(texts) > 5
    assert [found for found in texts if found[1] < 4.5] == []


async def test_words_on_a_brand_s_colour_can_be_read_whatever_it_is(
    browser: Browser, gateway: Installation
) -> None:
    async with visiting(browser) as visitor:
        await visitor.page.goto(f"{gateway.url}/connect")
        lowest = await visitor.page.evaluate(LOWEST_ON_BRANDS)
        assert lowest >= 4.5


async def test_the_link_s_language_is_taken_unless_the_reader_chose_one(
    browser: Browser, gateway: Installation
) -> None:
    link = await new_link(gateway, "page-words", language="pt")
    async with visiting(browser) as visitor:
        await visitor.page.goto(link["here"])
        await visitor.says("Esperando você escanear o código com o WhatsApp.")
        await visitor.page.click("#language")
        await visitor.says("Waiting for you to scan the code with WhatsApp.")
        await visitor.page.reload()
        await visitor.says("Waiting for you to scan the code with WhatsApp.")


async def test_a_page_outlives_a_restart_of_the_service(browser: Browser, gateway: Installation) -> None:
    link = await new_link(gateway, "page-restart")
    async with visiting(browser) as visitor:
        await visitor.page.goto(link["here"])
        await visitor.says("Waiting for you to scan the code with WhatsApp.")
        await gateway.kill("control")
        await visitor.says("The connection to this page was lost. Trying again…")
        await visitor.says("Waiting for you to scan the code with WhatsApp.")
