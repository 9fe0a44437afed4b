/**
 * `node client.js <socket> <command> [arguments]`: asks a running bridge one thing, used by scripts/debug. Exit status: 0; 1
 * when the bridge refused; 2 when there is none.
 */
import { connect } from "node:net";

const [path = "", ...words] = process.argv.slice(2);
const line = words.length === 0 ? "help" : words.join(" ");

const socket = connect(path);
let first = true;
socket.setEncoding("utf8");
socket.on("connect", () => {
  socket.write(`once ${line.replaceAll(/[\r\n]/g, " ")}\n`);
});
socket.on("data", (text: string) => {
  if (first && (text.startsWith("error:") || text.startsWith('{"error":'))) process.exitCode = 1;
  first = false;
  process.stdout.write(text);
});
socket.on("error", (error: NodeJS.ErrnoException) => {
  const absent = error.code === "ENOENT" || error.code === "ECONNREFUSED";
  process.stderr.write(absent ? "No bridge answers here. scripts/ctl status says whether it runs.\n" : `The bridge's debug socket cannot be used (${error.code ?? error.name}).\n`);
  process.exitCode = 2;
});
process.stdout.on("error", () => {
  socket.destroy();
});
