"""GET …/qr: the code that can be scanned now, in the form the caller asks for.

    Accept: application/json (or nothing)   {"qr":…,"qrCode":"data:image/png;base64,…","expiresAt":…}
    Accept: image/png, image/svg+xml        a picture
    Accept: text/plain                      half blocks for a terminal

`?format=json|png|svg|text` wins over the header, for those who cannot set one.
"""

from __future__ import annotations

from typing import Final

from aiohttp import web

from control.api.answers import json_answer
from control.api.context import SESSIONS
from control.api.schemas import QrCodeOut, checked_tenant_id
from control.api.shape import iso
from control.errors import GatewayError
from control.sessions.qr import QrForm

_JSON: Final = "json"
_TYPES: Final = {
    _JSON: "application/json",
    QrForm.png.value: "image/png",
    QrForm.svg.value: "image/svg+xml",
    QrForm.text.value: "text/plain",
}
"""In the order of preference where the caller has none."""


async def qr(request: web.Request) -> web.Response:
    """GET …/qr. Raises `no_qr_code`, `not_acceptable`, `session_not_found`."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    form = _wanted(request)
    sessions = request.app[SESSIONS]
    view = await sessions.qr(tenant_id)
    code = view.session.qr
    if code is None or view.qr is None or view.qr_code is None:
        # It expired while it was drawn.
        raise GatewayError("no_qr_code", retry_after=1)
    if form == _JSON:
        answer = json_answer(QrCodeOut(qr=view.qr, qr_code=view.qr_code, expires_at=iso(code.expires_at_ms)))
    else:
        answer = web.Response(
            body=await sessions.draw(QrForm(form), view.qr),
            content_type=_TYPES[form],
            charset="utf-8" if form == QrForm.text else None,
        )
    answer.headers.add("Vary", "Accept")
    return answer


def _wanted(request: web.Request) -> str:
    given = request.query.get("format")
    if given is not None:
        if given not in _TYPES:
            raise GatewayError("invalid_request", f"There is no such format; there are: {', '.join(_TYPES)}.")
        return given
    accept = request.headers.get("Accept", "").strip() or "*/*"
    ranked = {form: rank for form, kind in _TYPES.items() if (rank := _rank(accept, kind)) > (0.0, 0)}
    if not ranked:
        raise GatewayError("not_acceptable", f"QR codes are given as {', '.join(_TYPES.values())}.")
    # max() keeps the first of equals, which is the order of preference.
    return max(ranked, key=lambda form: ranked[form])


def _rank(accept: str, kind: str) -> tuple[float, int]:
    """How much an Accept header wants a media type: its quality, and how exactly it names the type (RFC 9110)."""
    best = (0.0, 0)
    exactness = -1
    for part in accept.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        exact = {kind: 2, kind.split("/")[0] + "/*": 1, "*/*": 0}.get(name)
        if exact is not None and exact > exactness:
            exactness = exact
            best = (_quality(parameters), exact)
    return best if best[0] > 0 else (0.0, 0)


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0
