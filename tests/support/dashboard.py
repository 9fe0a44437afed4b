"""The dashboard as a person uses it, in a real browser, with everything watched that must not happen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Page, expect

from tests.support.installation import Installation

WAIT_MS = 10_000

_WATCH = """
globalThis.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""

expect.set_options(timeout=WAIT_MS)


class Dashboard:
    """One window on the dashboard. faults: errors of the page, and what its policy refused."""

    def __init__(self, page: Page, gateway: Installation) -> None:
        self.page = page
        self.gateway = gateway
        self.faults: list[str] = []
        page.set_default_timeout(WAIT_MS)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("console", self._said)
        page.on("dialog", lambda dialog: self.faults.append(f"dialog: {dialog.message}"))

    def _said(self, message: ConsoleMessage) -> None:
        # The browser itself writes a line for every answer that is an error.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"{message.type}: {message.text}")

    async def open(self, view: str = "", *, query: str = "") -> None:
        """Go to the dashboard; view: what stands after the #."""
        await self.page.goto(f"{self.gateway.url}/dashboard{query}#/{view}")
        await expect(self.page.locator("h1")).to_be_visible()

    async def sign_in(self, key: str | None = None) -> None:
        """Sign in by a key, the operator's without one."""
        await self.page.locator("#key").fill(key or self.gateway.api_key)
        await self.page.locator(".sign-in button").click()

    async def open_tenant(self, tenant_id: str) -> None:
        """Sign in and go to a tenant."""
        await self.open(f"tenants/{tenant_id}")
        await self.sign_in()
        await expect(self.page.locator("h1")).to_have_text(tenant_id)

    async def focused(self) -> str:
        """What has the focus: its id, or its text."""
        found: str = await self.page.evaluate(
            "document.activeElement.id || document.activeElement.textContent.trim()"
        )
        return found

    async def tab_to(self, wanted: str, *, most: int = 60) -> None:
        """Press Tab until something has the focus that has this id or text."""
        for _ in range(most):
            if await self.focused() == wanted:
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {wanted}")

    async def check(self) -> None:
        """Raise AssertionError when anything was refused by the policy or went wrong in the page."""
        violations: list[str] = await self.page.evaluate("globalThis.violations")
        assert violations == []
        assert self.faults == []


@asynccontextmanager
async def dashboard(browser: Browser, gateway: Installation, **options: Any) -> AsyncIterator[Dashboard]:
    """Open a window of its own for a test. options: of the browser's context, see playwright's new_context."""
    context = await browser.new_context(
        **{"locale": "en-US", "viewport": {"width": 1200, "height": 900}, **options}
    )
    await context.add_init_script(_WATCH)
    window = Dashboard(await context.new_page(), gateway)
    try:
        yield window
        await window.check()
    except Exception as error:
        # What is not there on the page may be so because of these.
        error.add_note(f"the page's faults: {window.faults}")
        raise
    finally:
        await context.close()
