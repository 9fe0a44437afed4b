/** Loaded before a bridge (`node --import`): the WebSocket reports each write late, as on a machine that is busy. */
import WebSocket from "ws";

const LATE_MS = 150;

type Send = (this: WebSocket, data: unknown, done?: (error?: Error) => void) => void;

const prototype = WebSocket.prototype as unknown as { send: Send };
const send = prototype.send;
prototype.send = function late(data, done) {
  send.call(this, data, (error) => {
    setTimeout(() => done?.(error), LATE_MS);
  });
};
