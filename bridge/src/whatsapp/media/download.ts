/** Brings the file of a kept message from WhatsApp's media server into an open file, asking the phone for it when it is gone there. */
import type { FileHandle } from "node:fs/promises";
import { BridgeError } from "../../errors.js";
import type { KeptMessage } from "../../store/messages.js";
import type { FilePart } from "../describing/media.js";
import type { Link } from "../link.js";
import { getFile, NotGiven, TooLarge, type GotFile } from "./get-file.js";
import type { MediaHosts } from "./media-hosts.js";
import { askForFile } from "./reupload.js";
import type { MediaFamily } from "./sealing.js";
import type { Announced } from "./unsealing.js";

export interface DownloadRequest {
  link: Link;
  message: KeptMessage;
  family: MediaFamily;
  part: FilePart;
  into: FileHandle;
  maxBytes: number;
}

/** What the host says when it no longer has the file, or does not give it under this address any more. */
const GONE = new Set([403, 404, 410]);

const KEY_BYTES = 32;
const MAX_PATH_LENGTH = 4096;

/** A path as it can stand in a request. */
const PATH = /^\/[\x21-\x7e]*$/;

/** @throws BridgeError media_expired, media_over_limit, media_unavailable */
export async function download(request: DownloadRequest, hosts: MediaHosts): Promise<GotFile> {
  const { link, message, part } = request;
  const mediaKey = part.mediaKey?.length === KEY_BYTES ? part.mediaKey : undefined;
  const path = pathOf(part);
  const first = path === undefined ? "gone" : await fromSomeHost(request, path, hosts);
  if (first !== "gone") return first;
  const again = mediaKey === undefined ? undefined : await askForFile(link, message, mediaKey);
  const safe = again === undefined ? undefined : safePath(again);
  const second = safe === undefined ? "gone" : await fromSomeHost(request, safe, hosts);
  if (second === "gone") throw new BridgeError(link.isOpen ? "media_expired" : "media_unavailable");
  return second;
}

/** Only hosts WhatsApp itself named: the address in a message is its sender's word. */
async function fromSomeHost({ link, family, part, into, maxBytes }: DownloadRequest, path: string, hosts: MediaHosts): Promise<GotFile | "gone"> {
  const announced: Announced = { family, mediaKey: part.mediaKey ?? undefined, sha256: digest(part.fileSha256), encSha256: digest(part.fileEncSha256) };
  let failure: unknown;
  let isGone = false;
  for (const host of await mediaHosts(link, hosts)) {
    try {
      await into.truncate(0);
      return await getFile({ host, path, announced, into, maxBytes, agent: link.route.agent, signal: link.gone });
    } catch (error) {
      if (error instanceof TooLarge) throw new BridgeError("media_over_limit");
      isGone ||= error instanceof NotGiven && GONE.has(error.status);
      failure = error;
    }
  }
  if (isGone) return "gone";
  throw new BridgeError("media_unavailable", {}, { cause: failure });
}

async function mediaHosts(link: Link, hosts: MediaHosts): Promise<readonly string[]> {
  try {
    return (await hosts.of(link)).hosts;
  } catch (error) {
    throw new BridgeError("media_unavailable", {}, { cause: error });
  }
}

function pathOf({ directPath, url }: FilePart): string | undefined {
  if (typeof directPath === "string" && directPath !== "") return safePath(directPath);
  if (typeof url !== "string" || !URL.canParse(url)) return undefined;
  const { pathname, search } = new URL(url);
  return safePath(`${pathname}${search}`);
}

function safePath(path: string): string | undefined {
  return path.length <= MAX_PATH_LENGTH && PATH.test(path) ? path : undefined;
}

function digest(bytes: Uint8Array | null | undefined): Uint8Array | undefined {
  return bytes?.length === 32 ? bytes : undefined;
}
