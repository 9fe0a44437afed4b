import type { proto } from "baileys/WAProto/index.js";
import type { Log } from "../log.js";
import { bootstrapMessages } from "../phone/bootstrap.js";
import type { Phones } from "../phone/phones.js";
import type { Connection } from "../wire/connection.js";
import { SERVER_JID } from "../wire/jid.js";
import { el, type Stanza } from "../wire/stanza.js";
import type { Companion } from "../world/companion.js";
import type { Directory } from "../world/directory.js";
import type { Fault, Faults } from "../world/faults.js";
import type { Person } from "../world/person.js";
import { unixTime } from "./delivery.js";
import { strike } from "./strike.js";

/** What a client puts in front of its next handshake; always the same, so that its credentials stay as they are. */
const ROUTING = Buffer.from("sandbox");

/** A logged-in link. */
export interface Session {
  connection: Connection;
  person: Person;
  companion: Companion;
}

/** Logs linked devices in, replays what waited for them, and knows who is connected. */
export class Logins {
  private readonly byConnection = new Map<Connection, Session>();
  private readonly byCompanion = new Map<Companion, Connection>();

  constructor(
    private readonly directory: Directory,
    private readonly phones: Phones,
    private readonly faults: Faults,
    private readonly onPresence: (person: Person) => void,
    private readonly log: Log,
  ) {}

  session(connection: Connection): Session | undefined {
    return this.byConnection.get(connection);
  }

  connectionOf(companion: Companion): Connection | undefined {
    return this.byCompanion.get(companion);
  }

  /** Links of one number, or of all. */
  connections(number?: string): Connection[] {
    return [...this.byConnection.values()].filter((each) => !number || each.person.number === number).map((each) => each.connection);
  }

  /** Checks who wants in and answers `<success>` or `<failure>`. */
  login(connection: Connection, payload: proto.IClientPayload, noiseKey: Buffer): void {
    const number = String(payload.username);
    const person = this.directory.lookup(number);
    const companion = person?.companions.get(payload.device ?? 0);
    if (!person || !companion?.keys.noiseKey.equals(noiseKey)) {
      this.log.info({ number, device: payload.device }, "unknown device refused");
      fail(connection, "401");
      return;
    }
    connection.jid = person.address("pn", companion.id);
    const fault = this.loginFault(person.number);
    if (fault) {
      strike(connection, fault, true);
      return;
    }
    const older = this.byCompanion.get(companion);
    if (older) {
      this.leave(older);
      older.sendAndClose(el("stream:error", {}, [el("conflict", { type: "replaced" })]));
    }
    this.byConnection.set(connection, { connection, person, companion });
    this.byCompanion.set(companion, connection);
    companion.link = connection;
    companion.active = false;
    const attrs = { t: unixTime(), lid: person.address("lid", companion.id), props: "0", location: "sandbox" };
    connection.send(el("success", attrs));
  }

  /** The client asked for live stanzas: first comes what waited, in order. */
  async activate(session: Session): Promise<void> {
    const { connection, person, companion } = session;
    if (companion.link !== connection || companion.active) return;
    connection.send(el("ib", { from: SERVER_JID }, [el("edge_routing", {}, [el("routing_info", {}, ROUTING)])]));
    // Peer messages count only after `ib offline`, so they wait for that.
    const waiting = companion.queue.list();
    const offline = waiting.filter((stanza) => stanza.attrs["category"] !== "peer");
    if (offline.length > 0) connection.send(el("ib", { from: SERVER_JID }, [el("offline_preview", countByTag(offline))]));
    offline.forEach((stanza, i) => { connection.send({ ...stanza, attrs: { ...stanza.attrs, offline: String(i) } }); });
    companion.active = true;
    if (!this.faults.take("withhold-offline", person.number)) {
      connection.send(el("ib", { from: SERVER_JID }, [el("offline", { count: String(offline.length) })]));
    }
    for (const stanza of waiting) if (stanza.attrs["category"] === "peer") connection.send(stanza);
    if (companion.bootstrapped) return;
    companion.bootstrapped = true;
    for (const stanza of await bootstrapMessages(this.phones.of(person), companion)) companion.deliver(stanza);
  }

  /** The link ended. */
  leave(connection: Connection): void {
    const session = this.byConnection.get(connection);
    if (!session) return;
    const { companion, person } = session;
    this.byConnection.delete(connection);
    this.byCompanion.delete(companion);
    companion.link = undefined;
    companion.active = false;
    if (companion.available) {
      companion.available = false;
      this.onPresence(person);
    }
  }

  private loginFault(number: string): Fault | undefined {
    for (const fault of this.faults.list()) {
      if (fault.on === "login" && (!fault.number || fault.number === number)) return this.faults.take(fault.kind, number, (each) => each.id === fault.id);
    }
    return undefined;
  }
}

function fail(connection: Connection, reason: string): void {
  connection.sendAndClose(el("failure", { reason, location: "sandbox", t: unixTime() }));
}

function countByTag(stanzas: Stanza[]): Record<string, string> {
  const count = (tag: string): string => String(stanzas.filter((stanza) => stanza.tag === tag).length);
  return {
    count: String(stanzas.length), message: count("message"), receipt: count("receipt"), notification: count("notification"),
    call: count("call"), appdata: "0",
  };
}
