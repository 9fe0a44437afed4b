/**
 * Baileys (rc14, socket.js validateConnection) can read what WhatsApp encrypts only after the write of its own last
 * handshake message was reported to it. On a busy machine WhatsApp's answer, the login, comes before that report: it is
 * taken for a part of the handshake and dropped, and the connection says nothing any more.
 */

/** What is used of a WebSocket of ws. */
interface Sending {
  send(data: unknown, done: (error?: Error) => void): void;
}

/** The first message says hello, the second ends the handshake. */
const LAST_OF_HANDSHAKE = 2;

/**
 * Reports the write of the last handshake message as soon as it is made. Should it fail the connection closes, which
 * is reported anyway. Call it before anything is sent.
 */
export function finishHandshakeEarly(socket: Sending): void {
  const send = socket.send.bind(socket);
  let sent = 0;
  socket.send = (data, done) => {
    sent += 1;
    if (sent < LAST_OF_HANDSHAKE) {
      send(data, done);
      return;
    }
    socket.send = send;
    send(data, () => undefined);
    done();
  };
}
