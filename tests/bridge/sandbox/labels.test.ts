import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { AppAction, LabelBook } from "../../../bridge/sandbox/phone/actions.js";
import type { Client } from "./support/client.js";
import { Harness } from "./support/harness.js";

const NUMBER = "+5511910000111";
const CHAT = "5511920000111@s.whatsapp.net";

describe("labels", () => {
  let harness: Harness;
  let desk: Client;
  let laptop: Client;

  before(async () => {
    harness = await Harness.start();
    desk = await harness.paired(NUMBER, "Shop");
    laptop = await harness.paired(NUMBER, "Shop");
  });
  after(() => harness.stop());

  const state = (): Promise<LabelBook & { actions: AppAction[] }> => harness.admin.get(`/mock-phone/${NUMBER}/app-state`);

  it("made on one device reach the other, and the admin interface", async () => {
    await desk.sock.addLabel(CHAT, { id: "7", name: "New order", color: 3 });
    const edit = await laptop.until("the label", () => laptop.of("labels.edit").find((each) => each.id === "7"));
    assert.deepEqual([edit.name, edit.color], ["New order", 3]);
    assert.deepEqual((await state()).labels, [{ id: "7", name: "New order", color: 3 }]);
  });

  it("are put on chats and messages, and taken off", async () => {
    await desk.sock.addChatLabel(CHAT, "7");
    await laptop.until("the label on the chat", () => laptop.of("labels.association").find((each) => each.type === "add"));
    assert.deepEqual((await state()).chats, { [CHAT]: ["7"] });
    await desk.sock.addMessageLabel(CHAT, "3EB0AA", "7");
    assert.deepEqual((await state()).messages, { "3EB0AA": ["7"] });
    await desk.sock.removeMessageLabel(CHAT, "3EB0AA", "7");
    await desk.sock.removeChatLabel(CHAT, "7");
    await laptop.until("the end of the label on the chat", () => laptop.of("labels.association").find((each) => each.type === "remove"));
    const { chats, messages, actions } = await state();
    assert.deepEqual([chats, messages], [{}, {}]);
    assert.deepEqual(actions.at(-1)?.index.slice(0, 3), ["label_jid", "7", CHAT]);
  });

  it("go when they are deleted, and other actions are shown as they are", async () => {
    await desk.sock.addLabel(CHAT, { id: "7", deleted: true });
    assert.deepEqual((await state()).labels, []);
    await desk.sock.chatModify({ pin: true }, CHAT);
    const pinned = (await state()).actions.at(-1);
    assert.deepEqual([pinned?.index[0], pinned?.operation], ["pin_v1", "set"]);
    assert.deepEqual((pinned?.value["pinAction"] as { pinned: boolean }).pinned, true);
  });
});
