"""The examples of the documents about connect links and tokens, run as their reader would."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.support.doc_examples import examples_of, run
from tests.support.installation import Installation

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]


@pytest.mark.parametrize("document", ["connect-links.md", "tokens.md"])
async def test_every_example_works(gateway: Installation, tmp_path: Path, document: str) -> None:
    environment = {**os.environ, "API": gateway.url, "KEY": gateway.api_key}
    printed = []
    for example in examples_of(document):
        if example.code.startswith("API="):
            continue  # where the reader's own installation is
        said = await run(example.code, example.language, tmp_path, environment)
        assert '"success":false' not in said, said
        printed.append(said.strip())

    if document == "connect-links.md":
        made, from_code, listed, revoked, started = printed
        assert json.loads(made)["brand"]["name"] == "Padaria São João"
        assert from_code.startswith(f"http://localhost:{gateway.port}/connect#eyJ")
        assert len(json.loads(listed)["links"]) == 2
        assert json.loads(revoked)["revoked"] is True
        assert json.loads(started)["phase"] == "waiting"
    else:
        signed_in, signed_out, renewed = printed
        assert json.loads(signed_in)["scopes"] == ["events:read", "sessions:read"]
        assert json.loads(signed_out) == {"success": True}
        assert renewed.endswith("Z")
