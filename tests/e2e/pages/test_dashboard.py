"""The dashboard in a real browser, in front of a whole gateway with the sandbox: what people come to do."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, Page, Request, expect

from tests.support.customer_app import Behaviour, CustomerApp
from tests.support.dashboard import dashboard
from tests.support.installation import Installation
from tests.support.sandbox import Sandbox
from tests.support.wait import wait_for

pytestmark = pytest.mark.asyncio(loop_scope="session")

CONTACT = "+5511912345678"
FIRST_PAGE_BYTES = 60 * 1024


async def linked(gateway: Installation, sandbox: Sandbox, tenant_id: str, number: str, **start: object) -> None:
    """Make a tenant whose number is connected."""
    status, started = await gateway.call("POST", f"/api/v1/sessions/{tenant_id}/start", start or None)
    assert status == 200, started
    await sandbox.scan_qr(started["qr"], number)

    async def connected() -> bool:
        _, session = await gateway.call("GET", f"/api/v1/sessions/{tenant_id}/status")
        return bool(session["connected"])

    await wait_for(connected, every=0.05, seconds=10)


async def send(page: Page, text: str) -> None:
    await page.get_by_label("To (phone number").fill(CONTACT)
    await page.get_by_role("textbox", name="Message", exact=True).fill(text)
    await page.get_by_role("button", name="Send", exact=True).click()


async def test_a_key_opens_it_a_wrong_one_does_not_and_signing_out_closes_it(
    browser: Browser, gateway: Installation
) -> None:
    async with dashboard(browser, gateway) as window:
        page = window.page
        await window.open()
        await window.sign_in("a-wrong-key-0123456789")
        await expect(page.locator("#key-fault")).to_have_text("This key is not valid here.")
        await expect(page.locator("#key")).to_be_focused()

        await window.sign_in()
        await expect(page.locator("h1")).to_have_text("Numbers")
        stored = await page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
        assert gateway.api_key not in stored
        await page.reload()
        await expect(page.locator("h1")).to_have_text("Numbers")

        await page.get_by_role("button", name="Sign out").click()
        await expect(page.locator("#key-fault")).to_have_text("You are signed out.")
        await page.reload()
        await expect(page.locator("#key")).to_be_visible()


async def test_the_qr_code_is_scanned_and_the_page_says_connected(browser: Browser, gateway: Installation) -> None:
    async with dashboard(browser, gateway) as window:
        page = window.page
        await window.open()
        await window.sign_in()
        await page.get_by_label("Tenant id").fill("new-shop")
        await page.get_by_role("button", name="Open").click()
        await expect(page.locator("#link")).to_contain_text("This tenant has no session yet.")

        await page.get_by_role("button", name="Start").click()
        await expect(page.get_by_alt_text("QR code to scan")).to_be_visible()
        # By the picture's own size: an image that is refused has none.
        assert await page.evaluate("document.querySelector('img.qr').naturalWidth") > 200
        await page.get_by_role("button", name="Scan the QR code").click()

        await expect(page.locator("#link .badge")).to_have_text("Connected")
        await expect(page.locator("#link .number")).to_have_text(re.compile(r"^\+55\d+$"))
        await expect(page.get_by_alt_text("QR code to scan")).to_be_hidden()
        await expect(page.locator("#announcements")).to_contain_text("Connected")


async def test_a_pairing_code_links_too_and_a_number_is_stopped_only_after_a_question(
    browser: Browser, gateway: Installation, sandbox: Sandbox
) -> None:
    async with dashboard(browser, gateway) as window:
        page = window.page
        await window.open_tenant("by-code")
        await page.get_by_role("button", name="Start").click()
        await page.get_by_text("Link with a code instead").click()
        await page.get_by_label("Phone number with country code", exact=True).fill("+55 11 97777-0001")
        await page.get_by_role("button", name="Get a code").click()
        await expect(page.locator("output.code")).to_have_text(re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}$"))
        await sandbox.enter_code(str(await page.locator("output.code").text_content()), "+5511977770001")
        await expect(page.locator("#link .badge")).to_have_text("Connected")

        await page.get_by_role("button", name="Stop").click()
        await page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
        await expect(page.locator("#link .badge")).to_have_text("Connected")
        await page.get_by_role("button", name="Stop").click()
        await page.get_by_role("dialog").get_by_role("button", name="Stop").click()
        await expect(page.locator("#link .badge")).to_have_text("Not running")
        await expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()


async def test_a_message_is_followed_to_delivered_and_read_and_a_contact_s_words_appear(
    browser: Browser, gateway: Installation, sandbox: Sandbox
) -> None:
    await linked(gateway, sandbox, "talker", "+5511977770002")
    async with dashboard(browser, gateway) as window:
        page = window.page
        await window.open_tenant("talker")
        await expect(page.locator("#link .badge")).to_have_text("Connected")
        await send(page, "Your order is ready")
        row = page.locator("#send .sent > li")
        await expect(row).to_have_attribute("data-status", "delivered")
        await expect(row.locator("li.reached")).to_have_count(3)

        (message,) = [
            one for one in await sandbox.messages(CONTACT, wait_ms=5000) if one["text"] == "Your order is ready"
        ]
        body = {"type": "read", "to": "+5511977770002", "ids": [message["id"]]}
        await sandbox.call("POST", f"/contacts/{CONTACT}/receipt", json=body)
        await expect(row).to_have_attribute("data-status", "read")

        await page.get_by_role("button", name="Let the contact write").click()
        event = page.locator('#events li[data-event="message"]').first
        await expect(event).to_contain_text("Maria: Hello! Are you open today?")
        await event.get_by_text("Details").click()
        await expect(event.locator("pre")).to_contain_text('"type": "text"')


async def test_what_is_not_sent_is_not_called_sent(
    browser: Browser, gateway: Installation, sandbox: Sandbox
) -> None:
    await linked(gateway, sandbox, "quiet", "+5511977770003")
    await gateway.call("POST", "/api/v1/sessions/quiet/stop")
    async with dashboard(browser, gateway) as window:
        page = window.page
        await window.open_tenant("quiet")
        await send(page, "This waits")
        row = page.locator("#send .sent > li")
        await expect(row).to_have_attribute("data-status", "accepted")
        await expect(row).to_contain_text("It leaves once the number is connected.")

        await page.get_by_role("button", name="Start", exact=True).click()
        await expect(row).to_have_attribute("data-status", "delivered")


async def test_webhooks_show_whether_they_are_well_and_failed_deliveries_are_sent_again(
    browser: Browser, gateway: Installation, sandbox: Sandbox
) -> None:
    async with CustomerApp() as app:
        app.set("/hook", Behaviour(status=500))
        webhook = {"url": f"{app.url}/hook", "secret": "a-secret-of-the-test-0123"}
        await linked(gateway, sandbox, "hooked", "+5511977770004", webhook=webhook)
        async with dashboard(browser, gateway) as window:
            page = window.page
            await window.open_tenant("hooked")
            hooks = page.locator("#webhooks")
            await expect(hooks).to_contain_text(f"{app.url}/hook")
            await expect(hooks).to_contain_text("last: HTTP 500")
            await page.get_by_role("button", name="Send a test event").click()
            await expect(hooks.get_by_role("status")).to_contain_text("did not take the test event: HTTP 500")

            app.set("/hook", Behaviour())
            await page.get_by_role("button", name="Send a test event").click()
            await expect(hooks.get_by_role("status")).to_contain_text("The app took the test event")
            await page.get_by_text("Last deliveries").click()
            failed = hooks.locator('li[data-delivered="false"]').first
            await failed.get_by_role("button", name="Send again").click()
            await expect(hooks.get_by_role("status")).to_contain_text(re.compile("sent again|waits for its turn"))
            await expect(hooks.locator('li[data-delivered="true"]').first).to_be_visible()


async def test_numbers_are_listed_searched_and_filtered_and_the_parts_health_is_shown(
    browser: Browser, gateway: Installation, sandbox: Sandbox
) -> None:
    await linked(gateway, sandbox, "alpha", "+5511977770005")
    await gateway.call("POST", "/api/v1/sessions/beta/start")
    async with dashboard(browser, gateway) as window:
        page = window.page
        await window.open()
        await window.sign_in()
        rows = page.locator(".rows li")
        await expect(rows.filter(has_text="alpha")).to_contain_text("Connected")
        await expect(rows.filter(has_text="beta")).to_contain_text("Waiting for a scan")
        await page.get_by_role("searchbox").fill("97777-0005")
        await expect(rows).to_have_count(1)
        await expect(rows).to_contain_text("alpha")
        await page.get_by_role("searchbox").fill("")
        await page.get_by_label("State", exact=True).select_option("qr")
        await expect(rows.filter(has_text="alpha")).to_have_count(0)
        await expect(rows.filter(has_text="beta")).to_have_count(1)
        health = page.get_by_role("region", name="Health")
        for part in ("API", "Bridge", "Redis", "WhatsApp", "Disk"):
            await expect(health.get_by_role("listitem").filter(has_text=part)).to_be_visible()

        await rows.filter(has_text="beta").click()
        await expect(page.locator("h1")).to_have_text("beta")
        await expect(page.locator("h1")).to_be_focused()


async def test_everything_needed_is_done_by_keyboard(
    browser: Browser, gateway: Installation, sandbox: Sandbox
) -> None:
    await linked(gateway, sandbox, "keyboard", "+5511977770006")
    async with dashboard(browser, gateway) as window:
        page = window.page
        await window.open("tenants/keyboard")
        await window.tab_to("key")
        await page.keyboard.type(gateway.api_key)
        await page.keyboard.press("Enter")
        await expect(page.locator("#link .badge")).to_have_text("Connected")

        await window.tab_to("send-to")
        await page.keyboard.type(CONTACT)
        await window.tab_to("send-text")
        await page.keyboard.type("By keyboard")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.locator("#send .sent > li")).to_have_attribute("data-status", "delivered")
        assert await window.focused() == "send-text"

        for _ in range(3):
            await page.keyboard.press("Shift+Tab")
        assert await window.focused() == "Log out"
        await page.keyboard.press("Enter")
        assert await window.focused() == "Cancel"
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        assert await window.focused() == "Log out"
        outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"


async def test_it_fits_a_phone_in_both_languages_and_the_dark(
    browser: Browser, gateway: Installation, sandbox: Sandbox
) -> None:
    await linked(gateway, sandbox, "pocket", "+5511977770007")
    phone = {"width": 375, "height": 740}
    async with dashboard(browser, gateway, viewport=phone, color_scheme="dark", locale="pt-PT") as window:
        page = window.page

        async def fits() -> bool:
            width: int = await page.evaluate("document.documentElement.scrollWidth")
            return width <= 375

        await window.open()
        await expect(page.locator("h1")).to_have_text("Entrar")
        assert await page.evaluate("document.documentElement.lang") == "pt-BR"
        assert await fits()
        await window.sign_in()
        await expect(page.locator(".rows li").filter(has_text="pocket")).to_contain_text("Conectado")
        assert await fits()
        await page.locator(".rows li").filter(has_text="pocket").click()
        await expect(page.locator("#link .badge")).to_have_text("Conectado")
        assert await fits()
        ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert max(int(part) for part in re.findall(r"\d+", ground)) < 40

        await page.get_by_label("Idioma").select_option("en")
        await expect(page.locator("#link .badge")).to_have_text("Connected")
        await page.reload()
        await expect(page.locator("#link .badge")).to_have_text("Connected")
        await window.open("tenants/pocket", query="?lang=pt")
        await expect(page.locator("#link .badge")).to_have_text("Conectado")


async def test_the_first_page_is_small_and_comes_from_here_only(browser: Browser, gateway: Installation) -> None:
    async with dashboard(browser, gateway) as window:
        sizes: list[int] = []
        addresses: list[str] = []

        async def loaded(request: Request) -> None:
            addresses.append(request.url)
            sizes.append((await request.sizes())["responseBodySize"])

        window.page.on("requestfinished", loaded)
        await window.open()
        await window.page.wait_for_load_state("networkidle")

        assert {address.split("/")[2] for address in addresses} == {gateway.url.split("/")[2]}
        assert len(sizes) > 10
        assert sum(sizes) < FIRST_PAGE_BYTES


async def test_a_key_is_made_shown_once_opens_its_tenant_only_and_is_revoked(
    browser: Browser, gateway: Installation, sandbox: Sandbox
) -> None:
    await linked(gateway, sandbox, "keyed", "+5511977770008")
    async with dashboard(browser, gateway) as window, dashboard(browser, gateway) as customer:
        page = window.page
        await window.open("keys")
        await window.sign_in()
        await page.get_by_text("Make a key").click()
        await page.get_by_label("Name", exact=True).fill("Customer of <b>ours</b>")
        await page.get_by_role("button", name="Make the key").click()
        await expect(page.locator(".note.bad")).to_have_text("Say which tenants the key opens.")
        await page.get_by_label("Tenants", exact=True).fill("keyed")
        await page.get_by_role("button", name="Make the key").click()
        shown = page.locator("output:visible")
        await expect(shown).to_be_focused()
        key = str(await shown.text_content())
        row = page.locator(".cards li").filter(has_text="Customer of <b>ours</b>")
        await expect(row).to_contain_text("Active")

        await customer.open()
        await customer.sign_in(key)
        await expect(customer.page.locator(".rows li")).to_have_count(1)
        await expect(customer.page.locator(".rows li")).to_contain_text("keyed")
        await expect(customer.page.get_by_role("link", name="API keys")).to_have_count(0)
        await customer.page.locator(".rows li").click()
        await expect(customer.page.locator("#link .badge")).to_have_text("Connected")
        await expect(customer.page.locator("#sandbox-panel")).to_have_count(0)

        await row.get_by_role("button", name="Replace").click()
        await page.get_by_role("dialog").get_by_role("button", name="Replace").click()
        await expect(page.locator(".once .note").last).to_contain_text("the new key of Customer of <b>ours</b>")
        new = str(await shown.last.text_content())
        assert new != key
        for either in (key, new):
            assert (await gateway.call("GET", "/api/v1/sessions/keyed/status", key=either))[0] == 200

        await row.get_by_role("button", name="Revoke").click()
        await page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
        await expect(row).to_contain_text("Revoked")
        await expect(customer.page.locator("#key-fault")).to_have_text("Your sign-in has ended. Sign in again.")

        await page.get_by_role("link", name="Audit log").click()
        await expect(page.locator(".cards li").filter(has_text="createKey").first).to_contain_text("Signed in")


async def test_a_tenant_is_created_suspended_and_resumed(browser: Browser, gateway: Installation) -> None:
    async with dashboard(browser, gateway) as window:
        page = window.page
        await window.open_tenant("customer-7")
        account = page.locator("#account")
        await expect(account).to_contain_text("There is no such tenant yet.")
        await page.get_by_role("button", name="Create the tenant").click()
        await expect(account.locator(".badge")).to_have_text("Active")

        await page.get_by_role("button", name="Suspend").click()
        await page.get_by_role("dialog").get_by_role("button", name="Suspend").click()
        await expect(account.locator(".badge")).to_have_text("Suspended")
        await page.get_by_role("button", name="Start", exact=True).click()
        await expect(page.locator("#link .note.bad")).to_have_text("This tenant is suspended.")
        await page.get_by_role("button", name="Resume").click()
        await expect(account.locator(".badge")).to_have_text("Active")

        await page.get_by_role("link", name="Numbers").first.click()
        row = page.locator(".rows li").filter(has_text="customer-7")
        await expect(row).to_contain_text("Not running")

        await row.click()
        await account.get_by_role("button", name="Delete").click()
        dialog = page.get_by_role("dialog")
        await expect(dialog.get_by_role("button", name="Delete")).to_be_disabled()
        await dialog.get_by_label("Type customer-7 to confirm").fill("customer-7")
        await dialog.get_by_role("button", name="Delete").click()
        await expect(page.locator("h1")).to_have_text("Numbers")
        await expect(row).to_have_count(0)
        assert (await gateway.call("GET", "/api/v1/tenants/customer-7"))[0] == 404
