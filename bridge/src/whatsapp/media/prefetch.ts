/** Downloads files as soon as their messages are recorded, for tenants that want it. What fails is downloaded when it is asked for. */
import type { Logger } from "../../log.js";
import type { Store } from "../../store/store.js";
import type { RecordedMessage } from "../receiver.js";
import type { MediaFiles } from "./media-files.js";
import { Slots } from "./slots.js";

/** In line at a time; what comes beyond waits until it is asked for. */
const LIMIT = 1000;
const PARALLEL = 4;
const WITHIN_MS = 10 * 60_000;

export class Prefetch {
  readonly #store: Store;
  readonly #files: MediaFiles;
  readonly #log: Logger;
  readonly #slots = new Slots(PARALLEL);
  #count = 0;

  constructor(store: Store, files: MediaFiles, log: Logger) {
    this.#store = store;
    this.#files = files;
    this.#log = log;
  }

  /** A message was recorded. Never throws. */
  note(tenantId: string, media: NonNullable<RecordedMessage["media"]>): void {
    const settings = this.#store.settings.get(tenantId);
    if (settings.media !== "automatic" || this.#count >= LIMIT) return;
    if (settings.automaticMaxBytes !== undefined && (media.sizeBytes ?? Infinity) > settings.automaticMaxBytes) return;
    this.#count += 1;
    this.#slots
      .run(() => this.#files.fetch(tenantId, media.mediaId, AbortSignal.timeout(WITHIN_MS)))
      .catch((error: unknown) => {
        this.#log.debug({ tenantId, err: error }, "a file was not downloaded at once");
      })
      .finally(() => {
        this.#count -= 1;
      });
  }
}
