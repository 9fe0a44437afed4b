/** What the commands of the debug socket look at and act on. */
import type { Config } from "../config.js";
import type { Journal } from "../events/journal.js";
import type { BridgeFigures } from "../figures/bridge-figures.js";
import type { Engine } from "../figures/engine.js";
import type { LogDesk, Logger } from "../log.js";
import type { Dispatcher } from "../sending/dispatcher.js";
import type { Store } from "../store/store.js";
import type { Sessions } from "../whatsapp/sessions.js";
import type { StanzaTaps } from "../whatsapp/stanza-taps.js";

export interface DebugDeps {
  config: Config;
  log: Logger;
  desk: LogDesk;
  store: Store;
  journal: Journal;
  sessions: Sessions;
  dispatcher: Pick<Dispatcher, "isConnected">;
  taps: StanzaTaps;
  figures: BridgeFigures;
  engine: Engine;
  versions: { bridge: string; baileys: string; contract: string };
}
