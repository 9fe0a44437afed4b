"""What requests and answers about numbers look like."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from control.api.fields import Phone
from control.api.shape import In, Out
from control.rpc.contract_gen import CheckedNumber

MAX_NUMBERS = 100


class NumberCheckIn(In):
    """Body of POST …/check."""

    numbers: Annotated[list[Phone], Field(min_length=1, max_length=MAX_NUMBERS)]


class CheckedNumberOut(Out):
    """One number. whatsapp_number: the form WhatsApp knows it by, which may differ; jid, lid: to write to."""

    number: str
    exists: bool
    whatsapp_number: str | None
    jid: str | None
    lid: str | None

    @classmethod
    def of(cls, checked: CheckedNumber) -> CheckedNumberOut:
        """Return the answer for a number."""
        return cls(
            number=checked.phone_number,
            exists=checked.exists,
            whatsapp_number=number_of(checked.jid),
            jid=checked.jid,
            lid=checked.lid,
        )


class CheckedNumbersOut(Out):
    """The numbers, in the order they were asked."""

    success: Literal[True] = True
    numbers: list[CheckedNumberOut]


def number_of(jid: str | None) -> str | None:
    """Return the phone number in an address of a person; None when it has none."""
    user, _, server = (jid or "").partition("@")
    return f"+{user}" if server == "s.whatsapp.net" else None
