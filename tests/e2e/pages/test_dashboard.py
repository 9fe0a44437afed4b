from __future__ import annotations

import pytest
from playwright.async_api import Browser

from tests.support.installation import Installation

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_dashboard_opens_in_the_reader_s_language(browser: Browser, gateway: Installation) -> None:
    context = await browser.new_context(locale="pt-PT")
    page = await context.new_page()

    await page.goto(f"{gateway.url}/dashboard")

    assert await page.title() == "Gateway de WhatsApp"
    assert await page.evaluate("document.documentElement.lang") == "pt-BR"
    await context.close()
