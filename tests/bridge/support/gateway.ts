/** A bridge with a sandbox to talk to, and short ways to what most tests do with them. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { MessageSendParams, OutgoingMessage, Session } from "../../../bridge/src/rpc/contract.gen.js";
import { makeDirectory } from "./places.js";
import { BridgeProcess, SandboxProcess } from "./processes.js";
import { Follower, type RpcClient } from "./rpc-client.js";
import { waitFor } from "./wait.js";

export class Gateway {
  bridge: BridgeProcess;
  rpc: RpcClient;
  follower: Follower;

  private constructor(
    readonly directory: string,
    readonly sandbox: SandboxProcess,
    private readonly env: Record<string, string>,
    parts: { bridge: BridgeProcess; rpc: RpcClient; follower: Follower },
  ) {
    this.bridge = parts.bridge;
    this.rpc = parts.rpc;
    this.follower = parts.follower;
  }

  /** Starts both. End them with `end`. */
  static async start(env: Record<string, string> = {}, sandboxEnv: Record<string, string> = {}): Promise<Gateway> {
    const directory = makeDirectory();
    const sandbox = await SandboxProcess.start(directory, sandboxEnv);
    const all = { ...sandbox.env, ...env };
    try {
      return new Gateway(directory, sandbox, all, await Gateway.#parts(join(directory, "data"), all));
    } catch (error) {
      await sandbox.kill();
      throw error;
    }
  }

  async end(): Promise<void> {
    this.rpc.close();
    this.follower.stop();
    await this.bridge.kill();
    await this.sandbox.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }

  static async #parts(dataDir: string, env: Record<string, string>): Promise<{ bridge: BridgeProcess; rpc: RpcClient; follower: Follower }> {
    const bridge = await BridgeProcess.start(dataDir, env);
    try {
      return { bridge, rpc: await bridge.client(), follower: await Follower.open(bridge.socketPath) };
    } catch (error) {
      await bridge.kill();
      throw error;
    }
  }

  get dataDir(): string {
    return join(this.directory, "data");
  }

  /** Starts a new bridge process on the same store. */
  async restart(env: Record<string, string> = {}): Promise<void> {
    Object.assign(this, await Gateway.#parts(this.dataDir, { ...this.env, ...env }));
  }

  session(tenantId: string): Promise<Session> {
    return this.rpc.call("session.get", { tenantId });
  }

  async waitState(tenantId: string, state: Session["state"], timeoutMs = 15_000): Promise<Session> {
    return waitFor(`${tenantId} to be ${state}`, async () => {
      const session = await this.session(tenantId);
      return session.state === state ? session : undefined;
    }, timeoutMs);
  }

  /** A tenant's session paired with a number and past its first synchronisation. */
  async paired(tenantId: string, number: string, name = "Owner"): Promise<Session> {
    const { qr } = await this.rpc.call("session.start", { tenantId, waitMs: 25_000 });
    if (qr === undefined) throw new Error("no QR code");
    await this.sandbox.scan(qr.text, number, name);
    return this.waitState(tenantId, "connected");
  }

  async send(tenantId: string, to: string, text: string, more: Partial<MessageSendParams> = {}): Promise<OutgoingMessage> {
    return (await this.rpc.call("message.send", { tenantId, to, content: { type: "text", text }, waitMs: 5000, ...more })).message;
  }
}
