"""A place."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, StrictStr

from control.api.kinds.kind import Kind
from control.api.shape import In
from control.rpc.contract_gen import OutgoingLocation, Place


class PlaceIn(In):
    """A place on earth, in degrees."""

    latitude: Annotated[float, Field(strict=True, ge=-90, le=90)]
    longitude: Annotated[float, Field(strict=True, ge=-180, le=180)]
    name: Annotated[StrictStr, Field(max_length=1024)] | None = None
    address: Annotated[StrictStr, Field(max_length=4096)] | None = None

    def place(self) -> Place:
        """Return what the bridge is told."""
        return Place(latitude=self.latitude, longitude=self.longitude, name=self.name, address=self.address)


class LocationIn(Kind, PlaceIn):
    """{"type":"location","latitude":…,"longitude":…}."""

    can_mention: ClassVar[bool] = False

    def content(self) -> OutgoingLocation:
        """Return the place."""
        return OutgoingLocation(type="location", place=self.place())
