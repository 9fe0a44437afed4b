import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { Harness } from "./support/harness.js";
import { waitFor } from "./support/wait.js";

const SCRIPT = fileURLToPath(new URL("support/frail-client.js", import.meta.url));

describe("a frame nobody can decode", () => {
  const children: ChildProcess[] = [];
  let harness: Harness;
  before(async () => { harness = await Harness.start(); });
  after(async () => {
    for (const child of children) child.kill();
    await harness.stop();
  });

  const frail = async (number: string, contain: boolean): Promise<{ child: ChildProcess; lines: string[] }> => {
    const { url, ca } = harness.listening;
    const child = spawn(process.execPath, [SCRIPT, url, Buffer.from(ca).toString("base64"), contain ? "contain" : ""], { stdio: ["ignore", "pipe", "ignore"] });
    children.push(child);
    const lines: string[] = [];
    createInterface(child.stdout).on("line", (line) => lines.push(line));
    const qr = await waitFor("a QR code", () => lines.find((line) => line.startsWith("qr ")));
    await harness.admin.post(`/mock-phone/scan-qr?number=${encodeURIComponent(number)}`, qr.slice(3));
    await waitFor("the client to be open", () => lines.includes("open"));
    return { child, lines };
  };

  for (const frame of ["node", "cipher"]) {
    it(`brings down a process that does not expect it (${frame})`, async () => {
      const number = frame === "node" ? "+5511910000091" : "+5511910000092";
      const { child } = await frail(number, false);
      const exited = once(child, "exit");
      await harness.admin.post("/faults", { kind: "undecodable", number, frame });
      const [code] = (await exited) as [number];
      assert.notEqual(code, 0);
    });

    it(`leaves one alone that contains it, link and all (${frame})`, async () => {
      const number = frame === "node" ? "+5511910000093" : "+5511910000094";
      const { lines } = await frail(number, true);
      await harness.admin.post("/faults", { kind: "undecodable", number, frame });
      await waitFor("the rejection", () => lines.some((line) => line.startsWith("unhandled")));
      const seen = (await harness.admin.get<{ cursor: number }>("/ledger?after=1000000")).cursor;
      const { entries } = await harness.admin.get<{ entries: unknown[] }>(`/ledger?after=${seen}&wait=5000&direction=in&number=${number.slice(1)}`);
      assert.ok(entries.length > 0, "the client says nothing any more");
      assert.ok(!lines.some((line) => line.startsWith("close 428")));
    });
  }
});
