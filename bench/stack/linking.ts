/** Links tenants with numbers: the sandbox's phones scan what the API shows. */
import { waitFor } from "../wait.js";
import type { Rest } from "./rest.js";
import type { Sandbox } from "./sandbox.js";

const QR_WAIT_MS = 30_000;

/**
 * Links a tenant to a number (E.164) and waits until it is connected.
 * @param admin with the operator's key.
 * @param body of the start, such as its webhook.
 */
export async function link(admin: Rest, sandbox: Sandbox, tenant: string, number: string, body?: unknown): Promise<void> {
  const started = await admin.call("POST", `/api/v1/sessions/${tenant}/start`, body);
  // On a busy machine the code may take longer than a request waits.
  if (started.status !== 200 && started.body["code"] !== "qr_code_not_ready") throw new Error(`start was answered ${started.status} ${String(started.body["code"])}`);
  const qr = await waitFor("a QR code", async () => {
    const { body } = await admin.call("GET", `/api/v1/sessions/${tenant}/status`);
    return typeof body["qr"] === "string" ? body["qr"] : undefined;
  }, QR_WAIT_MS);
  await sandbox.scan(qr, number);
  await connected(admin, tenant, true);
}

/** Waits until a tenant is connected, or is not. */
export async function connected(admin: Rest, tenant: string, wanted: boolean): Promise<void> {
  const what = `the session to be ${wanted ? "connected" : "disconnected"}`;
  await waitFor(what, async () => (await admin.call("GET", `/api/v1/sessions/${tenant}/status`)).body["connected"] === wanted);
}
