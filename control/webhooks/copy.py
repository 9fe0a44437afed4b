"""A copy of every tenant's webhooks on disk, for the day Redis loses its data.

Events come back from the bridge after that; where they go, nobody else knows. Secrets are sealed as they are in
Redis.
"""

from __future__ import annotations

from pathlib import Path

from control.storage.copy import DurableCopy

FILE_NAME = "webhooks.sqlite"


class WebhookCopy(DurableCopy):
    """DATA_DIR/control/webhooks.sqlite; owners are tenants, values their webhooks by id."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / FILE_NAME, what="the webhooks")
