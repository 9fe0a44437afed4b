"""Every example of docs/messages.md, run as a reader would, and what a mock contact received of it."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import pytest

from tests.support.customer_app import Behaviour, CustomerApp
from tests.support.doc_examples import Example, examples_of, run
from tests.support.ffmpeg import scene, tone
from tests.support.installation import Installation
from tests.support.journey import CONTACT, start_and_scan
from tests.support.media_files import picture
from tests.support.sandbox import Sandbox
from tests.support.wait import wait_for

TENANT = "my-shop"
SEND = f"/api/v1/messages/{TENANT}/send"
INBOX = f"/contacts/{quote(CONTACT)}"
GROUP_IN_DOCS = "120363040000000001@g.us"
PDF = b"%PDF-1.7\n" + b"x" * 2_000

EXAMPLES = examples_of("messages.md")
TITLES = [example.section for example in EXAMPLES]
FIRST, LAST = TITLES.index("Text"), len(TITLES) - 1 - TITLES[::-1].index("Story")
KINDS = EXAMPLES[FIRST : LAST + 1]
OTHERS = [*EXAMPLES[:FIRST], *EXAMPLES[LAST + 1 :]]

Content = dict[str, Any]

RECEIVED: dict[str, Callable[[Content], bool]] = {
    "Text": lambda got: got["kind"] == "text" and got["text"] == "Hello! 👋",
    "Text with a link preview": lambda got: (
        got["linkPreview"]["url"] == "https://shop.example" and got["linkPreview"]["title"] == "The shop"
    ),
    "Reply and mentions": lambda got: got["quote"]["id"] and len(got["mentions"]) == 1,
    "Image": lambda got: (got["kind"], got["text"], got["width"]) == ("image", "Our new shop", 320),
    "Video": lambda got: (got["kind"], got["text"], got["seconds"]) == ("video", "How it works", 2),
    "GIF": lambda got: got["kind"] == "gif",
    "Video note": lambda got: got["kind"] == "video_note",
    "Audio": lambda got: (got["kind"], got["seconds"]) == ("audio", 3),
    "Voice message": lambda got: (got["kind"], got["seconds"]) == ("voice_note", 3),
    "Document": lambda got: (got["kind"], got["text"]) == ("document", "Thank you!"),
    "Sticker": lambda got: got["kind"] == "sticker",
    "Location": lambda got: got["location"]["name"] == "Praça da Sé" and got["location"]["latitude"] == -23.5505,
    "Contacts": lambda got: got["contacts"][0]["name"] == "Ana Lima",
    "Poll": lambda got: got["poll"] == {"options": ["Monday", "Tuesday", "Never"], "selectable": 1},
    "Event": lambda got: got["event"]["name"] == "Opening" and got["event"]["startsAt"] == 1_803_934_800,
    "Reaction": lambda got: (got["kind"], got["text"]) == ("reaction", "👍"),
    "Edit": lambda got: (got["kind"], got["text"]) == ("edit", "Hello again!"),
    "Delete for everyone": lambda got: got["kind"] == "delete",
    "Forward": lambda got: got["text"] == "refer to me",
    "Story": lambda got: (got["kind"], got["text"]) == ("text", "Open until 10 today!"),
}
"""What the contact reads for each kind. Files are compared byte for byte besides."""

FILES = {
    "Image": "/photo.jpg",
    "Video": "/clip.mp4",
    "GIF": "/clip.mp4",
    "Video note": "/clip.mp4",
    "Audio": "/song.mp3",
    "Voice message": "/voice.ogg",
    "Document": "/invoice.pdf",
}


class Reader:
    """Somebody who follows the document: a gateway with a linked number, a folder with a picture, a web server."""

    def __init__(self, gateway: Installation, sandbox: Sandbox, files: CustomerApp, directory: Path) -> None:
        self.gateway = gateway
        self.sandbox = sandbox
        self.files = files
        self.directory = directory
        self.group = ""
        self.bodies: dict[str, bytes] = {}
        prelude = next(example for example in OTHERS if example.language == "ts")
        self.prelude = prelude.code

    async def prepare(self) -> None:
        """Link the number, let it be unpaced, make a group, serve the files."""
        number = await start_and_scan(self.gateway, self.sandbox, self.files, TENANT)
        status, answer = await self.gateway.call(
            "PUT", f"/api/v1/sessions/{TENANT}/limits", {"profile": "unpaced"}
        )
        assert status == 200, answer
        group = await self.sandbox.call(
            "POST", "/groups", json={"by": CONTACT, "subject": "Customers", "members": [number]}
        )
        self.group = group["jid"]
        self.bodies = {
            "/photo.jpg": picture(),
            "/clip.mp4": scene("mp4", "-pix_fmt", "yuv420p", "-movflags", "+faststart"),
            "/song.mp3": tone("mp3"),
            "/voice.ogg": tone("ogg", "-c:a", "libopus", "-ac", "1", "-ar", "48000"),
            "/invoice.pdf": PDF,
        }
        for path, body in self.bodies.items():
            self.files.set(path, Behaviour(body=body))
        (self.directory / "photo.jpg").write_bytes(picture())

    async def send(self, **fields: Any) -> str:
        """Send something to refer to; return its id."""
        status, answer = await self.gateway.call("POST", SEND, {"to": CONTACT, **fields})
        assert status in (200, 202), answer
        return str(answer["messageId"])

    async def follow(self, example: Example, **variables: str) -> str:
        """Run an example with shell variables, which are constants of the same value in TypeScript."""
        code = example.code.replace("https://example.com", self.files.url).replace(GROUP_IN_DOCS, self.group)
        environment = {**os.environ, "API": self.gateway.url, "KEY": self.gateway.api_key, **variables}
        if example.language == "ts":
            names = {"ID": "messageId", "SCHEDULED": "scheduledId", "BATCH": "batchId", "RECEIVED": "receivedId"}
            constants = "".join(f"const {names[name]} = {value!r};\n" for name, value in variables.items())
            code = f"{self.prelude}\n{constants}{code}"
        return await run(code, example.language, self.directory, environment)

    async def received(self, after: int, check: Callable[[Content], bool], section: str = "") -> dict[str, Any]:
        """Wait until the contact received something after a position that the check likes; return it."""
        found: list[dict[str, Any]] = []
        others: list[Content] = []

        async def has_come() -> bool:
            answer = await self.sandbox.call("GET", f"{INBOX}/messages?after={after}")
            others[:] = [message["content"] for message in answer["messages"]]
            found[:] = [message for message in answer["messages"] if _likes(check, message["content"])]
            return bool(found)

        await wait_for(
            has_come, seconds=20, every=0.1, what=lambda: f"{section} {others}\n{self.gateway.describe()}"
        )
        return found[0]

    async def read(self, message_id: str) -> None:
        """Wait until the contact has a message."""

        async def has_come() -> bool:
            answer = await self.sandbox.call("GET", f"{INBOX}/messages?id={message_id}")
            return bool(answer["messages"])

        await wait_for(has_come, seconds=20, every=0.1, what=self.gateway.describe)

    async def hear(self, number: str, text: str) -> str:
        """Let the contact say something; return its id once the webhook told of it."""
        message_id = await self.sandbox.say(CONTACT, number, text)
        await wait_for(lambda: any(message_id in one.body.decode() for one in self.files.received), seconds=20)
        return message_id

    async def position(self) -> int:
        """Where the contact's messages are now."""
        answer = await self.sandbox.call("GET", f"{INBOX}/messages")
        return int(answer["cursor"])


def _likes(check: Callable[[Content], bool], content: Content) -> bool:
    try:
        return bool(check(content))
    except (KeyError, IndexError):
        return False


@pytest.fixture
async def reader(gateway: Installation, sandbox: Sandbox, customer: CustomerApp, tmp_path: Path) -> Reader:
    reader = Reader(gateway, sandbox, customer, tmp_path)
    await reader.prepare()
    return reader


def test_every_kind_has_an_example_in_both_languages() -> None:
    assert {(example.section, example.language) for example in KINDS} == {
        (section, language) for section in RECEIVED for language in ("sh", "ts")
    }


@pytest.mark.timeout(240)
async def test_every_kind_of_the_document_arrives_as_it_says(reader: Reader) -> None:
    for example in KINDS:
        variables = {}
        if re.search(r"\$ID|messageId", example.code):
            variables["ID"] = await reader.send(message="refer to me")
            await reader.read(variables["ID"])
        after = await reader.position()

        printed = await reader.follow(example, **variables)

        if example.language == "sh":
            assert orjson.loads(printed)["success"] is True, printed
        message = await reader.received(after, RECEIVED[example.section], example.section)
        if example.section == "Story":
            assert message["chat"] == "status@broadcast"
        if example.section == "Event":
            assert message["chat"] == reader.group
        if "target" in message["content"]:
            assert message["content"]["target"]["id"] == variables["ID"]
        if example.section in FILES:
            file = message["media"]["sha256"]
            assert file == hashlib.sha256(reader.bodies[FILES[example.section]]).hexdigest(), example.section


@pytest.mark.timeout(240)
async def test_every_other_example_of_the_document_works(reader: Reader) -> None:
    sandbox = reader.sandbox
    number = (await reader.gateway.call("GET", f"/api/v1/sessions/{TENANT}/status"))[1]["phoneNumber"]
    for example in OTHERS:
        if example.section == "Before the examples":
            continue
        after = await reader.position()
        variables: dict[str, str] = {}
        if re.search(r"\$ID|\bmessageId\b", example.code):
            variables["ID"] = await reader.send(message="look at me")
        if re.search(r"\$SCHEDULED|scheduledId", example.code):
            variables["SCHEDULED"] = await reader.send(message="never", sendAt="2027-06-01T00:00:00Z")
        if re.search(r"\$BATCH|batchId}", example.code):
            body = {"recipients": [CONTACT], "message": "later", "sendAt": "2027-06-01T00:00:00Z"}
            status, made = await reader.gateway.call("POST", f"/api/v1/messages/{TENANT}/batch", body)
            assert status == 202, made
            variables["BATCH"] = made["batchId"]
        if re.search(r"\$RECEIVED|receivedId", example.code):
            variables["RECEIVED"] = await reader.hear(number, "are you there?")

        printed = await reader.follow(example, **variables)

        assert '"success":false' not in printed, printed
        match example.section:
            case "Files":
                message = await reader.received(after, lambda got: got["kind"] == "image")
                assert message["media"]["sha256"] == hashlib.sha256(picture()).hexdigest()
            case "Sending the same request again" if example.language == "ts":
                # The shell's example had the same key and the same body: nothing new was sent.
                texts = [message.get("text") for message in await sandbox.messages(CONTACT)]
                assert texts.count("Your order is confirmed.") == 1
            case "Sending the same request again":
                await reader.received(after, lambda got: got["text"] == "Your order is confirmed.")
            case "One message for many" if example.language == "sh" and "/batch " in example.code:
                await reader.received(after, lambda got: got["text"] == "Hello Ana, we have new things!")
            case "Marking as read, typing":
                receipts = await sandbox.call("GET", f"{INBOX}/receipts?wait=10000")
                assert any(variables["RECEIVED"] in str(receipt) for receipt in receipts["receipts"])
    for variable in ("never", "later"):
        assert variable not in [message.get("text") for message in await sandbox.messages(CONTACT)]
