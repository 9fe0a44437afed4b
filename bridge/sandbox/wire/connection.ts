import type { WebSocket } from "ws";
import { proto } from "baileys/WAProto/index.js";
import type { Log } from "../log.js";
import { decodeStanza, encodeStanza } from "./codec.js";
import type { KeyPair } from "./curve.js";
import { frame, FrameReader, HEADER } from "./frames.js";
import { NoiseResponder, type NoiseTransport } from "./noise.js";
import type { Stanza } from "./stanza.js";

const HANDSHAKE_MS = 20_000;
/** A client that reads slower than this is cut off, so that one stuck process cannot eat the memory of all. */
const MAX_BUFFERED_BYTES = 64 << 20;
/** Stanzas held per direction while the link is stalled or slow; later ones are dropped. */
const MAX_HELD = 10_000;
const STALL_CHECK_MS = 20;

/** What a connection asks before it lets a stanza pass. */
export interface LinkPolicy {
  stalled(jid: string | undefined): boolean;
  /** `ordered`: the delay holds everything behind it too, as a slow line does. */
  delay(jid: string | undefined, tag: string): { ms: number; ordered: boolean };
}

export interface ConnectionEvents {
  certificates(): Buffer;
  authenticated(connection: Connection, payload: proto.IClientPayload, staticKey: Buffer): void;
  received(connection: Connection, stanza: Stanza): void;
  recorded(connection: Connection, direction: "in" | "out", stanza: Stanza, plain: Buffer): void;
  closed(connection: Connection): void;
}

type Phase = { name: "hello" } | { name: "finish"; noise: NoiseResponder } | { name: "open"; transport: NoiseTransport };

/** One client link: frames, Noise, stanzas. What the stanzas mean is decided by whoever handles the events. */
export class Connection {
  readonly openedAt = Date.now();
  /** Device address once logged in. */
  jid: string | undefined;
  private phase: Phase = { name: "hello" };
  private readonly reader = new FrameReader();
  private readonly handshakeTimer: NodeJS.Timeout;
  private outgoing: Buffer[] = [];
  private flushPlanned = false;
  /** Delayed stanzas in the order they leave. */
  private late: { stanza: Stanza; due: number }[] = [];
  private lateTimer: NodeJS.Timeout | undefined;
  private heldIn: Stanza[] = [];
  private heldOut: Stanza[] = [];
  private stallTimer: NodeJS.Timeout | undefined;
  private ended = false;

  constructor(
    readonly id: number,
    private readonly socket: WebSocket,
    /** Host and port the client knows this server by. */
    readonly host: string | undefined,
    private readonly staticKey: KeyPair,
    private readonly policy: LinkPolicy,
    private readonly events: ConnectionEvents,
    private readonly log: Log,
  ) {
    this.handshakeTimer = setTimeout(() => { this.destroy(); }, HANDSHAKE_MS);
    socket.on("message", (data) => { this.read(toBuffer(data)); });
    socket.on("close", () => { this.finished(); });
    socket.on("error", (err) => { log.debug({ err, connection: id }, "socket error"); });
  }

  get open(): boolean {
    return !this.ended && this.phase.name === "open";
  }

  /** Sends a stanza, unless the link has ended; faults may delay or hold it. */
  send(stanza: Stanza): void {
    if (!this.open) return;
    if (this.heldOut.length > 0 || this.policy.stalled(this.jid)) {
      if (this.heldOut.length < MAX_HELD) this.heldOut.push(stanza);
      this.watchStall();
      return;
    }
    const { ms, ordered } = this.policy.delay(this.jid, stanza.tag);
    if (ms > 0 && !ordered) setTimeout(() => { if (this.open) this.write(stanza); }, ms);
    else if (ms > 0 || this.late.length > 0) {
      if (this.late.length < MAX_HELD) this.late.push({ stanza, due: Date.now() + ms });
      this.planLate();
    } else this.write(stanza);
  }

  /** Sends a last stanza and closes the WebSocket properly. */
  sendAndClose(stanza: Stanza): void {
    if (this.open) this.write(stanza);
    this.close();
  }

  close(): void {
    this.flush();
    this.ended = true;
    this.socket.close(1000);
    // A client that never answers the closing handshake is cut off.
    setTimeout(() => { this.socket.terminate(); }, 1_000).unref();
  }

  /** Cuts the TCP connection without a word. */
  destroy(): void {
    this.ended = true;
    this.socket.terminate();
  }

  /** Sends the first half of a frame and cuts the connection. */
  destroyMidFrame(stanza: Stanza): void {
    if (this.phase.name === "open") {
      this.flush();
      const whole = frame(this.phase.transport.encrypt(encodeStanza(stanza)));
      this.socket.send(whole.subarray(0, Math.ceil(whole.length / 2)), () => { this.destroy(); });
      this.ended = true;
    } else this.destroy();
  }

  /** A frame whose contents are no stanza (`node`), or that no key opens (`cipher`). */
  sendUndecodable(kind: "node" | "cipher"): void {
    if (this.phase.name !== "open") return;
    const { transport } = this.phase;
    if (kind === "cipher") transport.skip();
    this.push(frame(kind === "node" ? transport.encrypt(Buffer.from([0, 0xf8, 0xff, 0xff])) : Buffer.alloc(48, 7)));
  }

  private read(data: Buffer): void {
    if (this.ended) return;
    try {
      for (const body of this.reader.push(data)) this.handle(body);
    } catch (err) {
      this.log.warn({ err, connection: this.id }, "client frame not understood");
      this.destroy();
    }
  }

  private handle(body: Buffer): void {
    if (this.phase.name === "open") {
      const plain = this.phase.transport.decrypt(body);
      const stanza = decodeStanza(plain);
      this.events.recorded(this, "in", stanza, plain);
      if (this.heldIn.length > 0 || this.policy.stalled(this.jid)) {
        if (this.heldIn.length < MAX_HELD) this.heldIn.push(stanza);
        this.watchStall();
      } else this.events.received(this, stanza);
      return;
    }
    const message = proto.HandshakeMessage.decode(body);
    if (this.phase.name === "hello") {
      const ephemeral = message.clientHello?.ephemeral;
      if (ephemeral?.length !== 32) throw new Error("no client hello");
      const noise = new NoiseResponder(this.staticKey, HEADER);
      const serverHello = noise.hello(ephemeral, this.events.certificates());
      this.phase = { name: "finish", noise };
      this.push(frame(proto.HandshakeMessage.encode({ serverHello }).finish()));
      return;
    }
    const finish = message.clientFinish;
    if (!finish?.static || !finish.payload) throw new Error("no client finish");
    const { clientStatic, payload, transport } = this.phase.noise.finish(finish.static, finish.payload);
    clearTimeout(this.handshakeTimer);
    this.phase = { name: "open", transport };
    this.events.authenticated(this, proto.ClientPayload.decode(payload), clientStatic);
  }

  private write(stanza: Stanza): void {
    if (this.phase.name !== "open") return;
    const plain = encodeStanza(stanza);
    this.events.recorded(this, "out", stanza, plain);
    this.push(frame(this.phase.transport.encrypt(plain)));
  }

  /** Frames of one turn of the event loop leave in one WebSocket message; the client splits them. */
  private push(data: Buffer): void {
    this.outgoing.push(data);
    if (this.flushPlanned) return;
    this.flushPlanned = true;
    setImmediate(() => { this.flush(); });
  }

  private flush(): void {
    this.flushPlanned = false;
    if (this.outgoing.length === 0 || this.ended) return;
    const data = this.outgoing.length === 1 ? this.outgoing[0] : Buffer.concat(this.outgoing);
    this.outgoing = [];
    if (data && this.socket.readyState === this.socket.OPEN) this.socket.send(data);
    if (this.socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      this.log.warn({ connection: this.id, jid: this.jid }, "client does not read, cut off");
      this.destroy();
    }
  }

  /** Nothing overtakes: the line is as slow as the stanza at its head. */
  private planLate(): void {
    const [first] = this.late;
    if (!first || this.lateTimer || this.ended) return;
    this.lateTimer = setTimeout(() => {
      this.lateTimer = undefined;
      const now = Date.now();
      while (this.late[0] && this.late[0].due <= now) {
        const next = this.late.shift();
        if (next && this.open) this.write(next.stanza);
      }
      this.planLate();
    }, Math.max(0, first.due - Date.now()));
  }

  private watchStall(): void {
    this.stallTimer ??= setInterval(() => {
      if (this.policy.stalled(this.jid) && !this.ended) return;
      clearInterval(this.stallTimer);
      this.stallTimer = undefined;
      const [incoming, outgoing] = [this.heldIn, this.heldOut];
      this.heldIn = [];
      this.heldOut = [];
      if (this.ended) return;
      for (const stanza of outgoing) this.send(stanza);
      for (const stanza of incoming) this.events.received(this, stanza);
    }, STALL_CHECK_MS);
  }

  private finished(): void {
    this.ended = true;
    clearTimeout(this.handshakeTimer);
    clearInterval(this.stallTimer);
    clearTimeout(this.lateTimer);
    this.events.closed(this);
  }
}

function toBuffer(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
