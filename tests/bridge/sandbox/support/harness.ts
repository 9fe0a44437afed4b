import { setDefaultCACertificates, getCACertificates } from "node:tls";
import type { UserFacingSocketConfig } from "baileys";
import { Sandbox, type Listening } from "../../../../bridge/sandbox/sandbox.js";
import { DEFAULTS, type Settings } from "../../../../bridge/sandbox/settings.js";
import { Admin } from "./admin.js";
import { Client } from "./client.js";

/** A sandbox on a free port, with its admin interface and the clients made with it. */
export class Harness {
  private readonly clients: Client[] = [];

  private constructor(
    private readonly sandbox: Sandbox,
    readonly listening: Listening,
    readonly admin: Admin,
  ) {}

  static async start(settings: Partial<Settings> = {}): Promise<Harness> {
    const sandbox = await Sandbox.open({ ...DEFAULTS, ...settings });
    const listening = await sandbox.listen();
    // Baileys downloads media with the global fetch, which knows no agent.
    setDefaultCACertificates([...getCACertificates("default"), listening.ca]);
    return new Harness(sandbox, listening, new Admin(listening.adminUrl, listening.ca));
  }

  client(config?: Partial<UserFacingSocketConfig>, reconnect = true, auth?: Client["auth"]): Client {
    const client = new Client(this.listening, auth, config, reconnect);
    this.clients.push(client);
    return client;
  }

  /** A client linked to a number by QR code, logged in and past the first synchronisation. */
  async paired(number: string, name = "Owner", config?: Partial<UserFacingSocketConfig>): Promise<Client> {
    const client = this.client(config).start();
    const query = `number=${encodeURIComponent(number)}&name=${encodeURIComponent(name)}`;
    await this.admin.post(`/mock-phone/scan-qr?${query}`, await client.qr());
    await client.waitOpen();
    await client.until("the first synchronisation", () => client.auth.creds.accountSyncCounter > 0);
    return client;
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.stop();
    await this.sandbox.close();
  }
}
