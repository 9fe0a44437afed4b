"""How pages are served: to everybody, with strict headers, only what is on the shelf."""

from __future__ import annotations

import re

import pytest
from yarl import URL

from tests.support.gateway import Gateway

CONTENT_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


async def loaded_by_dashboard(gateway: Gateway) -> list[str]:
    html = (await gateway.get("/dashboard")).body.decode()
    return [f"/{address}" for address in re.findall(r'(?:src|href)="(pages/[^"]+)"', html)]


async def test_the_dashboard_needs_no_key_and_allows_nothing_inline_and_nothing_from_elsewhere(
    gateway: Gateway,
) -> None:
    answer = await gateway.get("/dashboard")

    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-cache"


async def test_what_a_document_loads_is_there_with_its_type_and_may_be_kept(gateway: Gateway) -> None:
    addresses = await loaded_by_dashboard(gateway)

    assert len(addresses) >= 3
    for address in addresses:
        answer = await gateway.get(address)
        assert answer.status == 200
        assert answer.headers["content-type"] == f"{CONTENT_TYPES[address.rsplit('.')[-1]]}; charset=utf-8"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


async def test_a_browser_that_has_the_document_is_told_so(gateway: Gateway) -> None:
    first = await gateway.get("/dashboard")

    again = await gateway.get("/dashboard", headers={"If-None-Match": first.headers["etag"]})
    other = await gateway.get("/dashboard", headers={"If-None-Match": '"other"'})

    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert "content-security-policy" in again.headers
    assert other.status == 200


async def test_packed_and_plain_are_the_same_text_under_different_tags(gateway: Gateway) -> None:
    packed = await gateway.get("/dashboard", headers={"Accept-Encoding": "gzip"})
    plain = await gateway.get("/dashboard", headers={"Accept-Encoding": "identity"})

    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.body == plain.body
    assert packed.headers["etag"] != plain.headers["etag"]
    assert "Accept-Encoding" in packed.headers["vary"]


async def test_head_has_the_headers_without_the_body(gateway: Gateway) -> None:
    whole = await gateway.get("/dashboard", headers={"Accept-Encoding": "identity"})
    head = await gateway.request("HEAD", "/dashboard", headers={"Accept-Encoding": "identity"})

    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(whole.body))
    assert head.headers["etag"] == whole.headers["etag"]


async def test_a_slash_too_many_leads_to_the_dashboard(gateway: Gateway) -> None:
    answer = await gateway.get("/dashboard/", allow_redirects=False)

    assert answer.status == 308
    assert answer.headers["location"] == "../dashboard"


@pytest.mark.parametrize(
    "address",
    [
        "/pages/{version}/shared/nothing.js",
        "/pages/0123456789abcdef/shared/base.css",
        "/pages/{version}/dashboard/page.html",
        "/pages/{version}/shared/..%2Fshelf.py",
        "/pages/{version}/..%2F/shelf.py",
        "/pages/{version}/%2e%2e/shelf.py",
        "/pages/{version}/..%2F..%2F../etc%2Fpasswd",
        "/pages/{version}/shared/base.css%00.js",
        "/pages/{version}/shared/%5c..%5cshelf.py",
    ],
)
async def test_nothing_else_can_be_had(gateway: Gateway, address: str) -> None:
    (sheet,) = [path for path in await loaded_by_dashboard(gateway) if path.endswith("base.css")]
    version = sheet.split("/")[2]

    answer = await gateway.request("GET", URL(address.format(version=version), encoded=True))

    assert answer.problem() == (404, "not_found")
