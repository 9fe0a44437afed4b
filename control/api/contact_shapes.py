"""What answers about contacts look like."""

from __future__ import annotations

from typing import Literal, Self

from control.api.shape import Out, iso_or_none
from control.rpc.contract_gen import BusinessProfile, Contact


class BusinessOut(Out):
    """What a business says of itself."""

    description: str | None
    category: str | None
    email: str | None
    address: str | None
    websites: list[str]

    @classmethod
    def of(cls, business: BusinessProfile) -> Self:
        """Return the answer for a business profile."""
        return cls(
            description=business.description,
            category=business.category,
            email=business.email,
            address=business.address,
            websites=[website.root for website in business.websites or []],
        )


class ContactOut(Out):
    """A person as WhatsApp shows them to this number; null for what is hidden or not known."""

    success: Literal[True] = True
    phone_number: str | None
    jid: str | None
    lid: str | None
    name: str | None
    about: str | None
    about_set_at: str | None
    picture_url: str | None
    business: BusinessOut | None
    is_blocked: bool

    @classmethod
    def of(cls, contact: Contact) -> Self:
        """Return the answer for a contact."""
        return cls(
            phone_number=contact.phone_number,
            jid=contact.jid,
            lid=contact.lid,
            name=contact.name,
            about=contact.about,
            about_set_at=iso_or_none(contact.about_set_at_ms),
            picture_url=contact.picture_url,
            business=BusinessOut.of(contact.business) if contact.business is not None else None,
            is_blocked=contact.is_blocked,
        )


class ContactBlockOut(Out):
    """Whether somebody is blocked now."""

    success: Literal[True] = True
    is_blocked: bool


class BlockedContactsOut(Out):
    """Who is blocked, by WhatsApp id."""

    success: Literal[True] = True
    contacts: list[str]
