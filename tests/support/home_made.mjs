/**
 * A service of somebody's own, as small as they come: unmodified Baileys with useMultiFileAuthState. Run as
 * `node home_made.mjs <folder> <port of the sandbox> <its ca.pem>`; prints each QR code and the states of its connection
 * as JSON lines, and ends by itself once it is linked, all is written and nothing comes any more.
 */
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { DisconnectReason, makeWASocket, useMultiFileAuthState } from "baileys";
import pino from "pino";

const [folder, port, ca] = process.argv.slice(2);
const QUIET_MS = 1500;
const agent = new Agent({ ca: readFileSync(ca) });
const { state, saveCreds } = await useMultiFileAuthState(folder);
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
// libsignal prints what it does, keys among it.
console.info = console.log = () => {};

function connect() {
  const socket = makeWASocket({ auth: state, waWebSocketUrl: `wss://127.0.0.1:${port}/ws/chat`, agent, fetchAgent: agent, logger: pino({ level: "silent" }) });
  let quiet;
  const stir = () => {
    if (quiet === undefined) return;
    clearTimeout(quiet);
    quiet = setTimeout(() => process.exit(0), QUIET_MS);
  };
  socket.ev.on("creds.update", async () => {
    await saveCreds();
    stir();
  });
  socket.ws.on("frame", stir);
  socket.ev.on("connection.update", ({ qr, connection, lastDisconnect }) => {
    if (qr !== undefined) say({ qr });
    if (connection === "close" && lastDisconnect.error.output.statusCode === DisconnectReason.restartRequired) connect();
    if (connection === "open") {
      say({ number: socket.user.id });
      quiet = setTimeout(() => process.exit(0), QUIET_MS);
    }
  });
}

connect();
