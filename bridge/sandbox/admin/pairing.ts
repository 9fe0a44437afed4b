import { PairingError, type PairedDevice, type Pairing } from "../service/pairing.js";
import { AdminError, type AdminRouter } from "./http.js";

/** Linking a client: the mock phone scans what the client shows, or its owner types a code in. */
export function pairingRoutes(router: AdminRouter, pairing: Pairing): void {
  const attempt = async (task: Promise<PairedDevice>): Promise<PairedDevice> => {
    try {
      return await task;
    } catch (err) {
      throw err instanceof PairingError ? new AdminError(err.status, err.code, err.message) : err;
    }
  };

  router.add("POST", "/mock-phone/scan-qr", async ({ query, raw }) => {
    const qr = (await raw()).toString("utf8");
    return attempt(pairing.scan(qr, query.text("number"), query.text("name")));
  });

  router.add("POST", "/mock-phone/enter-code", async ({ body }) => {
    const fields = await body();
    return attempt(pairing.enterCode(fields.needText("code"), fields.needText("number")));
  });
}
