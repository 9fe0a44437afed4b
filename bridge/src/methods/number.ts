/** number.*: which numbers are on WhatsApp. */
import type { CheckedNumber } from "../rpc/contract.gen.js";
import type { Handlers } from "../rpc/dispatch.js";
import type { Numbers } from "../whatsapp/numbers.js";
import type { Sessions } from "../whatsapp/sessions.js";

export function numberMethods(sessions: Sessions, numbers: Numbers): Pick<Handlers, "number.check"> {
  return {
    "number.check": async ({ tenantId, phoneNumbers }) => {
      const accounts = await numbers.check(tenantId, sessions.link(tenantId), phoneNumbers);
      return { numbers: phoneNumbers.map((phoneNumber, index): CheckedNumber => ({ phoneNumber, exists: accounts[index] !== undefined, ...accounts[index] })) };
    },
  };
}
