import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { shownEvent } from "../../../bridge/src/debug/event-redaction.js";
import { MAX_SHOWN_CHARACTERS, shownStanza } from "../../../bridge/src/debug/stanza-redaction.js";

describe("what operators see of stanzas", () => {
  it("keeps the words of the protocol", () => {
    const xml = "<iq to='s.whatsapp.net' type='get' xmlns='w:p' id='12.34-5'>\n\t<ping />\n</iq>";
    assert.equal(shownStanza(xml, false), "<iq to='[14 characters]' type='get' xmlns='w:p' id='12.34-5'>\n\t<ping/>\n</iq>");
  });

  it("masks people, hides names, texts and bytes", () => {
    const xml = "<message from='5511920000001:7@s.whatsapp.net' id='3EB0C431C26A1916E07E' t='1795435218' notify='Carla da Silva' participant='123456789012345@lid'>\n\t<enc v='2' type='msg'>\n\t\t33083a21057a\n\t</enc>\n</message>";
    const shown = shownStanza(xml, false);
    assert.equal(shown, "<message from='5511***@s.whatsapp.net' id='3EB0C431C26A1916E07E' t='1795435218' notify='[14 characters]' participant='1234***@lid'>\n\t<enc v='2' type='msg'>\n\t\t[12 characters]\n\t</enc>\n</message>");
    assert.equal(shownStanza(xml, true), xml);
  });

  it("is not led astray by a name that looks like a stanza", () => {
    const name = "x' type='5511920000001' id='+5511920000001'>\n<message type='Call me 5511920000001";
    const shown = shownStanza(`<message notify='${name}' id='A1'/>`, false);
    assert.doesNotMatch(shown, /1920000001|Call me/);
  });

  it("cuts what is long and disarms what a terminal obeys", () => {
    const long = shownStanza(`<a>\n${"f".repeat(200_000)}\n</a>`, true);
    assert.ok(long.length < MAX_SHOWN_CHARACTERS + 100 && long.includes("200"));
    assert.equal(shownStanza("<a b='\u001b[2J\u009b'/>", true), "<a b='?[2J?'/>");
  });
});

describe("what operators see of events", () => {
  it("tells what happened, and not what was said by whom and where", () => {
    const shown = JSON.stringify(
      shownEvent(
        {
          type: "message",
          messageId: "3EB0",
          chatId: "5511920000001@s.whatsapp.net",
          chatType: "person",
          fromMe: false,
          sentAtMs: 1,
          sender: { phoneNumber: "+5511920000001", lid: "123456789012345@lid", name: "Carla" },
          content: { type: "location", latitude: -23.55, longitude: -46.63, name: "Home" },
        } as never,
        false,
      ),
    );
    assert.match(shown, /"type":"message","messageId":"3EB0","chatId":"5511\*\*\*@s\.whatsapp\.net","chatType":"person","fromMe":false,"sentAtMs":1/);
    assert.doesNotMatch(shown, /Carla|Home|23\.55|46\.63|920000001/);
  });

  it("keeps a text out that stands where a word of ours is expected", () => {
    assert.deepEqual(shownEvent({ type: "contact.update", action: "call me at noon" } as never, false), { type: "contact.update", action: "[15 characters]" });
  });
});
