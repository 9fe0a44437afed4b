/** The WebSocket inside Baileys' client, which it keeps to itself. */
import type { WASocket } from "./baileys.js";

/** What is used of it. */
export interface RawSocket {
  terminate(): void;
  close(...how: unknown[]): void;
  send(data: unknown, done: (error?: Error) => void): void;
}

/** Null before it connects. */
export function rawSocket(sock: WASocket): RawSocket | null {
  return (sock.ws as unknown as { socket: RawSocket | null }).socket;
}
