"""Names, subjects and texts come from anybody with a phone. In the dashboard they are text, and nothing else."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.support.customer_app import Behaviour, CustomerApp
from tests.support.dashboard import dashboard
from tests.support.installation import Installation
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.asyncio(loop_scope="session")

IMAGE = "<img src=x onerror=\"globalThis.hit='image'\">"
SCRIPT = "</pre></script><script>globalThis.hit='script'</script>"
LINK = "javascript:globalThis.hit='link'"
SVG = "\"><svg/onload=globalThis.hit='svg'>"
STYLE = "<style>body{display:none}</style>{{7*7}}${7*7}"
TENANT, NUMBER, CONTACT = "hostile", "+5511966660001", "+5511955550001"


async def test_nothing_that_people_write_becomes_markup_or_code(
    browser: Browser, gateway: Installation, sandbox: Sandbox
) -> None:
    async with CustomerApp() as app, dashboard(browser, gateway) as window:
        app.set("/hook", Behaviour(status=500, body=SCRIPT.encode()))
        webhook = {"url": f"{app.url}/hook", "secret": "a-secret-of-the-test-0123"}
        _, started = await gateway.call("POST", f"/api/v1/sessions/{TENANT}/start", {"webhook": webhook})
        await sandbox.scan_qr(started["qr"], NUMBER)
        page = window.page
        await window.open_tenant(TENANT)
        await expect(page.locator("#link .badge")).to_have_text("Connected")

        await sandbox.call("POST", "/contacts", json={"number": CONTACT, "name": IMAGE})
        for text in (SCRIPT, LINK, SVG, STYLE):
            await sandbox.say(CONTACT, NUMBER, text)
        file = {"kind": "document", "base64": "anVzdCBhIGZpbGU=", "fileName": f"{SVG}.txt"}
        await sandbox.call("POST", f"/contacts/{CONTACT}/say", json={"to": NUMBER, "media": file})
        group = {"by": CONTACT, "subject": SVG, "members": [NUMBER]}
        await sandbox.call("POST", "/groups", json=group)
        await page.get_by_label("To (phone number").fill(CONTACT)
        await page.get_by_role("textbox", name="Message", exact=True).fill(IMAGE + SCRIPT)
        await page.get_by_role("button", name="Send", exact=True).click()

        events = page.locator("#events li")
        for text in (SCRIPT, LINK, SVG, STYLE):
            await expect(events.filter(has_text=f"{IMAGE}: {text}").first).to_be_visible()
        group_event = page.locator('#events li[data-event="group.update"]')
        await expect(group_event.filter(has_text=SVG).first).to_be_visible()
        await expect(page.locator("#send .sent > li")).to_contain_text(IMAGE + SCRIPT)
        for details in await page.locator("#events details summary").all():
            await details.click()
        await page.get_by_text("Last deliveries").click()
        await expect(page.locator("#webhooks .answer").first).to_have_text(SCRIPT)

        assert await page.evaluate("globalThis.hit ?? null") is None
        made = page.locator("main").locator(
            "script, style, svg, iframe, object, embed, [onerror], [onload], [style]"
        )
        assert await made.count() == 0
        assert await page.locator("main img:not(.qr)").count() == 0
        assert await page.locator("main a:not([href^='#/'])").count() == 0
        await window.check()


async def test_the_page_s_own_policy_stops_what_its_code_would_let_through(
    browser: Browser, gateway: Installation
) -> None:
    """The second line: were there a mistake in the page, markup would still become neither element nor code."""
    async with dashboard(browser, gateway) as window:
        await window.open()
        refused = await window.page.evaluate(
            """() => {
              const tried = [
                () => { document.body.innerHTML = "<b>x</b>"; },
                () => { document.createElement("script").text = "1"; },
                () => { setTimeout("1"); },
                () => { document.body.setAttribute("onclick", "1"); },
                () => { trustedTypes.createPolicy("default", { createHTML: (text) => text }); },
              ];
              return tried.map((attempt) => { try { attempt(); return false; } catch { return true; } });
            }"""
        )
        assert refused == [True] * 5
        await window.page.wait_for_function("violations.length >= 4")
        await window.page.evaluate("violations.length = 0")
        window.faults.clear()


@pytest.mark.parametrize(
    "view", [f"tenants/{IMAGE}", "tenants/%E0%A4%A", "tenants/..%2F..%2Fkeys", f"tenants/{LINK}"]
)
async def test_an_address_somebody_sends_around_runs_nothing(
    browser: Browser, gateway: Installation, view: str
) -> None:
    async with dashboard(browser, gateway) as window:
        await window.open(view)
        await window.sign_in()
        await expect(window.page.locator("#sign-out")).to_be_visible()
        assert await window.page.evaluate("globalThis.hit ?? null") is None
        assert await window.page.locator("main img").count() == await window.page.locator("main img.qr").count()
