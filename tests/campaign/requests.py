"""Makes up requests as an application would send them."""

from __future__ import annotations

import base64
import hashlib
import random
import time
from itertools import count
from typing import Any

from tests.campaign.history import Asked, Wanted, Way
from tests.campaign.stage import Tenant
from tests.support.media_files import picture

SOON_MS = (300, 4_000)
"""How far ahead a scheduled message lies."""


class RequestMaker:
    """Makes requests of one client into one chat. No two have a text in common, so that texts tell them apart."""

    def __init__(self, tenant: Tenant, client: str, to: str, chance: random.Random) -> None:
        self._tenant = tenant
        self._client = client
        self._to = to
        self._chance = chance
        self._numbers = count(1)

    def new(self, way: Way) -> Asked:
        """Return a request of this kind."""
        key = f"{self._tenant.name}.{self._client}.{next(self._numbers)}"
        if way == "batch":
            return self._batch(key)
        text = f"message {key} {'é' * self._chance.randrange(40)}."
        wanted = Wanted(self._to, text, self._tenant.readers(self._to))
        body: dict[str, Any] = {"to": self._to, "type": "text", "message": text}
        upload = None
        if way in ("image", "upload"):
            size = (self._chance.randrange(16, 400), self._chance.randrange(16, 400))
            file = picture(size=size)
            wanted.file_sha256 = hashlib.sha256(file).hexdigest()
            body = {"to": self._to, "type": "image", "caption": text}
            if way == "upload":
                upload = file
            else:
                body["mediaBase64"] = base64.b64encode(file).decode()
        elif way == "scheduled":
            body["sendAt"] = int(time.time() * 1000) + self._chance.randrange(*SOON_MS)
        elif way == "impatient":
            body["queue"] = False
        return Asked(self._tenant.name, key, way, body, [wanted], upload)

    def _batch(self, key: str) -> Asked:
        # One of them is a chat in which others write, too.
        people = [*self._tenant.batch, self._tenant.shared]
        texts = {to: f"batch {key} for {to}." for to in people}
        recipients = [{"to": to, "variables": {"name": to}} for to in people]
        body = {"message": f"batch {key} for {{{{name}}}}.", "recipients": recipients}
        wanted = [Wanted(to, text, self._tenant.readers(to)) for to, text in texts.items()]
        return Asked(self._tenant.name, key, "batch", body, wanted)
