/** The question which of some numbers have an account. Baileys' own one drops which number an answer belongs to. */
import type { BinaryNode, WASocket } from "./baileys.js";
import { bareJid, lidJid, userOf } from "./jid.js";
import { childOf, textOf } from "./nodes.js";
import { formsOf } from "./number-forms.js";

/** An account as it is addressed. */
export interface Account {
  jid: string;
  lid?: string;
}

/** Asks in one question for all forms of the numbers. @returns those with an account; the form as given wins when both have one. */
export async function askNumbers(sock: WASocket, numbers: readonly string[]): Promise<Map<string, Account>> {
  const forms = new Set(numbers.flatMap((number) => formsOf(number)));
  const answer = (await sock.query({
    tag: "iq",
    attrs: { to: "s.whatsapp.net", type: "get", xmlns: "usync" },
    content: [{
      tag: "usync",
      attrs: { context: "interactive", mode: "query", sid: sock.generateMessageTag(), last: "true", index: "0" },
      content: [
        { tag: "query", attrs: {}, content: [{ tag: "contact", attrs: {} }, { tag: "lid", attrs: {} }] },
        { tag: "list", attrs: {}, content: [...forms].map((form) => ({ tag: "user", attrs: {}, content: [{ tag: "contact", attrs: {}, content: form }] })) },
      ],
    }],
  })) as BinaryNode | undefined;
  const list = childOf(childOf(answer, "usync"), "list");
  if (!Array.isArray(list?.content)) throw new Error("an answer about numbers has no list");
  const byForm = readAccounts(list.content);
  const found = new Map<string, Account>();
  for (const number of numbers) {
    const form = formsOf(number).find((each) => byForm.has(each));
    const account = form === undefined ? undefined : byForm.get(form);
    if (account !== undefined) found.set(number, account);
  }
  return found;
}

/** `<user jid><contact type="in">+55…</contact><lid val/></user>`: the account's address need not be the number asked for. */
function readAccounts(users: readonly BinaryNode[]): Map<string, Account> {
  const byForm = new Map<string, Account>();
  for (const user of users) {
    const contact = childOf(user, "contact");
    const jid = bareJid(user.attrs["jid"]);
    if (contact?.attrs["type"] !== "in" || jid === undefined) continue;
    const asked = textOf(contact) ?? `+${userOf(jid) ?? ""}`;
    const lid = lidJid(childOf(user, "lid")?.attrs["val"]);
    byForm.set(asked, { jid, ...(lid === undefined ? {} : { lid }) });
  }
  return byForm;
}
