/** Unlinks a device at WhatsApp before its credentials are forgotten, within a bounded time. */
import type { LinkEvents } from "./link-events.js";
import type { Link } from "./link.js";

const CONNECT_MS = 5000;
const SEND_MS = 3000;
const CLOSE_GRACE_MS = 1000;

/**
 * Tells WhatsApp that the device is gone and closes the connection. Does nothing more when WhatsApp cannot be
 * reached in time: the owner can unlink the device on the phone.
 * @param open opens a connection, or answers the one there is.
 * @param connected true when that one is connected already.
 */
export async function unlinkDevice(open: (events: LinkEvents) => Link, connected: boolean, onFailure: (error: unknown) => void): Promise<void> {
  let link: Link | undefined;
  try {
    link = connected ? open(deaf(() => undefined)) : await connect(open);
    if (link !== undefined) await within(SEND_MS, link.logout());
  } catch (error) {
    onFailure(error);
  }
  await link?.close(CLOSE_GRACE_MS);
}

/** A connection made for nothing else; undefined when none came about. */
async function connect(open: (events: LinkEvents) => Link): Promise<Link | undefined> {
  let settle: (connected: boolean) => void = () => undefined;
  const settled = new Promise<boolean>((resolve) => (settle = resolve));
  const link = open(deaf(settle));
  const timer = setTimeout(settle, CONNECT_MS, false);
  const connected = await settled;
  clearTimeout(timer);
  if (connected) return link;
  await link.close(CLOSE_GRACE_MS);
  return undefined;
}

/** Hears of a connection only whether it came about. */
function deaf(settle: (connected: boolean) => void): LinkEvents {
  const nothing = (): void => undefined;
  return {
    opened: nothing,
    qr: nothing,
    paired: nothing,
    account: nothing,
    active: nothing,
    restricted: nothing,
    connected: () => {
      settle(true);
    },
    closed: () => {
      settle(false);
    },
  };
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error("WhatsApp did not answer in time"));
    }, ms);
  });
  try {
    await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
