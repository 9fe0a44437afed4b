/**
 * Asks the account's own phone to bring a file to WhatsApp's media server once more, when it is gone from there. Baileys
 * has this too, but waits for the answer for ever.
 */
import type { KeptMessage } from "../../store/messages.js";
import { decryptMediaRetryData, encryptMediaRetryRequest, proto } from "../baileys.js";
import type { Link } from "../link.js";

/** A phone that is asleep or away does not answer. */
const ANSWER_WITHIN_MS = 30_000;

const { SUCCESS } = proto.MediaRetryNotification.ResultType;

/** Where the file is now; undefined when the phone does not have it either, or does not answer. */
export async function askForFile(link: Link, { id, remoteJid, participant, fromMe }: KeptMessage, mediaKey: Uint8Array): Promise<string | undefined> {
  const key = { id, remoteJid, fromMe, ...(participant === undefined ? {} : { participant }) };
  const self = link.self.phone;
  if (self === undefined) return undefined;
  const answered = answerOf(link, id);
  try {
    await link.run((sock) => sock.sendNode(encryptMediaRetryRequest(key, mediaKey, self)));
    const media = await answered.answer;
    if (media === undefined) return undefined;
    const { result, directPath } = decryptMediaRetryData(media, mediaKey, id);
    return result === SUCCESS && directPath?.startsWith("/") === true ? directPath : undefined;
  } catch {
    // Not sent, or an answer that does not open: as good as none.
    return undefined;
  } finally {
    answered.stop();
  }
}

type Answer = { ciphertext: Uint8Array; iv: Uint8Array } | undefined;

function answerOf(link: Link, id: string): { answer: Promise<Answer>; stop: () => void } {
  let stop: () => void = () => undefined;
  const answer = new Promise<Answer>((resolve) => {
    const { ev } = link.sock;
    const listen = (updates: readonly { key: { id?: string | null }; media?: Answer }[]): void => {
      const mine = updates.find(({ key }) => key.id === id);
      if (mine !== undefined) settle(mine.media);
    };
    const settle = (media: Answer): void => {
      clearTimeout(timer);
      ev.off("messages.media-update", listen);
      link.gone.removeEventListener("abort", end);
      resolve(media);
    };
    const end = (): void => {
      settle(undefined);
    };
    const timer = setTimeout(end, ANSWER_WITHIN_MS);
    ev.on("messages.media-update", listen);
    link.gone.addEventListener("abort", end, { once: true });
    stop = end;
  });
  return { answer, stop };
}
