"""The methods of the contract and those of the client are the same set."""

from __future__ import annotations

import re

from control.rpc.client import BridgeClient
from control.rpc.contract_gen import METHODS


def test_the_client_has_exactly_the_contract_s_methods() -> None:
    own = {name for name in dir(BridgeClient) if not name.startswith("_")}

    assert own == {re.sub(r"[A-Z]", lambda big: "_" + big[0].lower(), name).replace(".", "_") for name in METHODS}
