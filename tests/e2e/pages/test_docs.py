"""The API's pages in a real browser: searched, read, and a request sent from them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.support.installation import Installation

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, gateway: Installation) -> AsyncIterator[Page]:
    """The page, open. Nothing may be refused by its policy, fail, or be asked of anybody else."""
    context = await browser.new_context()
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    # What a request is answered is the test's business; the browser notes each refusal here too.
    page.on(
        "console",
        lambda said: (
            complaints.append(said.text)
            if said.type in ("error", "warning") and "status of" not in said.text
            else None
        ),
    )
    page.on(
        "request",
        lambda asked: (
            None if asked.url.startswith((gateway.url, "data:")) else complaints.append(f"asked for {asked.url}")
        ),
    )
    await page.goto(f"{gateway.url}/docs")
    await expect(page.locator("h1")).to_contain_text("WhatsApp gateway")
    yield page
    await context.close()
    assert complaints == []


async def test_an_operation_is_found_read_and_shown_as_code(page: Page) -> None:
    await page.keyboard.press("/")
    await page.keyboard.type("send message kind")
    await page.get_by_role("link", name="Send a message").click()

    await expect(page.locator("h1")).to_have_text("Send a message")
    await expect(page.locator(".address")).to_contain_text("/api/v1/messages/{tenantId}/send")
    await page.get_by_label("Body, from the example").select_option("image")
    await expect(page.locator("#body")).to_have_value(r"""{
  "to": "+5511987654321",
  "message": "Look!",
  "type": "image",
  "mediaUrl": "https://example.com/photo.jpg",
  "caption": "Our new shop"
}""")
    await expect(page.locator(".samples")).to_contain_text("curl -s -X POST")
    await page.get_by_role("tab", name="Python").click()
    await expect(page.locator(".samples")).to_contain_text("import requests")
    await page.get_by_label("tenantId", exact=True).fill("another")
    await expect(page.locator(".samples")).to_contain_text("/api/v1/messages/another/send")
    await expect(page.get_by_role("tab", name="Python")).to_have_attribute("aria-selected", "true")
    await page.get_by_text("type: poll").click()
    await expect(page.locator(".fields .name").filter(has_text="question").first).to_be_visible()
    await expect(page.locator("table")).to_contain_text("recipient_not_on_whatsapp")


async def test_a_request_is_sent_with_a_key_that_is_kept_nowhere(page: Page, gateway: Installation) -> None:
    await page.goto(f"{gateway.url}/docs#/startSession")
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator(".answer")).to_contain_text("Enter an API key")

    await page.get_by_label("API key").fill("wrong-key-of-nobody")
    await page.locator("#body").fill("{}")
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator("#status")).to_have_text("401")
    await expect(page.locator("#answer")).to_contain_text('"code": "unauthorized"')

    await page.get_by_label("API key").fill(gateway.api_key)
    await page.get_by_label("tenantId", exact=True).fill("docs-page")
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator("#status")).to_have_text("200", timeout=30_000)
    await expect(page.locator("#answer")).to_contain_text('"qrCode": "data:image/png;base64,')

    await page.goto(f"{gateway.url}/docs#/getQrCode")
    await page.locator("#p-format").select_option("png")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_alt_text("The answer, a picture")).to_be_visible()

    await page.goto(f"{gateway.url}/docs#/watchSession")
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator("#answer")).to_contain_text("event: session.status")
    await page.get_by_role("button", name="Stop").click()
    await expect(page.locator(".answer")).to_contain_text("Stopped.")

    kept = await page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])"
    )
    assert gateway.api_key not in kept
    await page.reload()
    await expect(page.get_by_label("API key")).to_have_value("")


async def test_every_operation_and_every_page_can_be_drawn(page: Page) -> None:
    links = await page.locator("nav a").evaluate_all("links => links.map((link) => link.getAttribute('href'))")
    assert len(links) >= 85

    for link in links:
        await page.evaluate("hash => { location.hash = hash; }", link)
        await expect(page.locator(f"nav a[href='{link}']")).to_have_attribute("aria-current", "page")
        await page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
    await page.evaluate("location.hash = '#/events'")
    await expect(page.locator("h2").filter(has_text="webhook.disabled")).to_be_visible()


async def test_it_fits_a_phone_and_the_dark(browser: Browser, gateway: Installation) -> None:
    context = await browser.new_context(viewport={"width": 360, "height": 740}, color_scheme="dark")
    page = await context.new_page()
    # The last two are addresses somebody made up.
    for name in ("sendMessage", "errors", "events", "", "%E0%A4", "constructor"):
        await page.goto(f"{gateway.url}/docs#/{name}")
        await expect(page.locator("h1")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360, name
    ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(14, 20, 18)"
    await context.close()
