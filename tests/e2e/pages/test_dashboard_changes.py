"""What the dashboard changes of a tenant: its webhooks, and links for its customer."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, expect

from tests.support.customer_app import CustomerApp
from tests.support.dashboard import dashboard
from tests.support.installation import Installation

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_webhook_is_added_changed_given_a_new_secret_switched_off_and_removed(
    browser: Browser, gateway: Installation
) -> None:
    async with CustomerApp() as app, dashboard(browser, gateway) as window:
        page = window.page
        await window.open_tenant("hooking")
        hooks = page.locator("#webhooks")
        await hooks.get_by_text("Add a webhook").click()
        await hooks.get_by_label("Address of your app").last.fill("http://10.0.0.1/hook")
        await hooks.get_by_role("button", name="Add", exact=True).click()
        await expect(hooks.locator(".note.bad")).to_contain_text("This address is not taken.")
        await hooks.get_by_label("Address of your app").last.fill(f"{app.url}/one")
        await hooks.get_by_role("button", name="Add", exact=True).click()
        secret = hooks.locator("output:visible")
        await expect(secret).to_have_text(re.compile(r"^whsec_\S{40,}$"))
        first = await secret.text_content()
        row = hooks.locator(".webhooks > li")
        await expect(row).to_contain_text(f"{app.url}/one")

        await row.get_by_text("Change").click()
        await row.get_by_label("Address of your app").fill(f"{app.url}/two")
        await row.get_by_label("Message status", exact=True).uncheck()
        await row.get_by_role("button", name="Save").click()
        await expect(row.locator("p.mono").first).to_have_text(f"{app.url}/two")
        stored = (await gateway.call("GET", "/api/v1/webhooks/hooking"))[1]["webhooks"][0]
        assert "message" in stored["events"]
        assert "message.status" not in stored["events"]

        await row.get_by_role("button", name="New secret").click()
        await page.get_by_role("dialog").get_by_role("button", name="New secret").click()
        await expect(row.locator("output:visible")).not_to_have_text(str(first))
        await row.get_by_role("button", name="Switch off").click()
        await page.get_by_role("dialog").get_by_role("button", name="Switch off").click()
        await expect(row.locator(".badge").first).to_have_text("Switched off")
        await row.get_by_role("button", name="Switch on").click()
        await expect(row.locator(".badge").first).to_have_text("Working")

        await row.get_by_role("button", name="Remove").click()
        await page.get_by_role("dialog").get_by_role("button", name="Remove").click()
        await expect(row).to_have_count(0)
        await expect(hooks).to_contain_text("No webhook: events wait here to be fetched.")


async def test_a_link_for_a_customer_is_made_opens_the_connect_page_and_is_withdrawn(
    browser: Browser, gateway: Installation
) -> None:
    async with dashboard(browser, gateway) as window, dashboard(browser, gateway) as customer:
        page = window.page
        await window.open_tenant("inviting")
        panel = page.locator("#link")
        await panel.get_by_text("A link for your customer").click()
        await panel.get_by_label("Name on the page").fill("Padaria <i>São João</i>")
        await panel.get_by_role("button", name="Make the link").click()
        address = str(await panel.locator("output:visible").text_content())
        assert address.startswith(f"{gateway.url.replace('127.0.0.1', 'localhost')}/connect#")

        await customer.page.goto(address)
        await expect(customer.page.locator("#title")).to_have_text(
            "Connect your WhatsApp to Padaria <i>São João</i>"
        )
        await expect(customer.page.locator("#qr")).to_be_visible()
        await panel.get_by_role("button", name="Withdraw").click()
        await expect(panel.locator("li").filter(has_text="Padaria")).to_have_count(0)
        _, left = await gateway.call("GET", "/api/v1/sessions/inviting/connect-links")
        assert left["links"] == []
