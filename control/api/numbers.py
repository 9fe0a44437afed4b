"""Numbers over HTTP: which are on WhatsApp."""

from __future__ import annotations

from aiohttp import web

from control.api.answers import json_answer
from control.api.body import checked, read_object
from control.api.context import DIRECTORY
from control.api.number_shapes import CheckedNumberOut, CheckedNumbersOut, NumberCheckIn
from control.api.schemas import checked_tenant_id
from control.rpc.contract_gen import CheckedNumber, NumberCheckParams, PhoneNumber

AT_ONCE = 50
"""Numbers in one call of the bridge; it spaces them further by itself."""


async def check(request: web.Request) -> web.Response:
    """POST …/check: each number, whether it is on WhatsApp and by which form."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    numbers = checked(NumberCheckIn, await read_object(request)).numbers
    distinct = list(dict.fromkeys(numbers))
    found: dict[str, CheckedNumber] = {}
    for first in range(0, len(distinct), AT_ONCE):
        some = [PhoneNumber(number) for number in distinct[first : first + AT_ONCE]]
        params = NumberCheckParams(tenant_id=tenant_id, phone_numbers=some)
        answer = await request.app[DIRECTORY].number_check(params)
        found.update((one.phone_number, one) for one in answer.numbers)
    return json_answer(CheckedNumbersOut(numbers=[CheckedNumberOut.of(found[number]) for number in numbers]))
