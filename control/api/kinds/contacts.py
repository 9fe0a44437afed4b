"""Contact cards."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from pydantic import Field, StrictStr, model_validator

from control.api.fields import NOT_BLANK, Phone
from control.api.kinds.kind import Kind
from control.api.shape import In
from control.messages.vcard import vcard
from control.rpc.contract_gen import ContactCard, OutgoingContacts

Name = Annotated[StrictStr, Field(max_length=512), NOT_BLANK]


class ContactIn(In):
    """{"name","phones":[…]} of which a card is made, or {"displayName","vcard"} with one that exists."""

    name: Name | None = None
    phones: Annotated[list[Phone], Field(min_length=1, max_length=20)] | None = None
    organization: Annotated[StrictStr, Field(max_length=512)] | None = None
    email: Annotated[StrictStr, Field(max_length=254)] | None = None
    display_name: Name | None = None
    vcard: Annotated[StrictStr, Field(max_length=16_384), NOT_BLANK] | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        ready = self.vcard is not None
        if ready and (self.name or self.phones or self.organization or self.email):
            raise ValueError("has either name and phones, or displayName and vcard, not both")
        if ready and self.display_name is None:
            raise ValueError("needs displayName beside vcard")
        if not ready and (self.name is None or self.phones is None or self.display_name is not None):
            raise ValueError("needs name and phones, or displayName and vcard")
        if self.vcard is not None and not self.vcard.lstrip().upper().startswith("BEGIN:VCARD"):
            raise ValueError("has a vcard that does not begin with BEGIN:VCARD")
        return self

    def card(self) -> ContactCard:
        """Return what the bridge is told."""
        if self.vcard is not None and self.display_name is not None:
            return ContactCard(display_name=self.display_name, vcard=self.vcard)
        name = self.name or ""
        made = vcard(name, self.phones or [], organization=self.organization, email=self.email)
        return ContactCard(display_name=name, vcard=made)


class ContactsIn(Kind):
    """{"type":"contacts","contacts":[…]}; `contact` with one instead is the same."""

    can_mention: ClassVar[bool] = False

    contacts: Annotated[list[ContactIn], Field(min_length=1, max_length=50)] | None = None
    contact: ContactIn | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.contacts is None) == (self.contact is None):
            raise ValueError("contacts is required: a list of cards, or contact with one")
        return self

    def content(self) -> OutgoingContacts:
        """Return the cards."""
        cards = [given.card() for given in self.contacts or ([self.contact] if self.contact else [])]
        return OutgoingContacts(
            type="contacts",
            display_name=cards[0].display_name if len(cards) == 1 else f"{len(cards)} contacts",
            contacts=cards,
        )
