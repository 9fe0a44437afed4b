import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, unlinkSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, before, beforeEach, describe, it } from "node:test";
import type { MediaFile, MessageEvent } from "../../../bridge/src/rpc/contract.gen.js";
import { sealPieces } from "../../../bridge/src/whatsapp/media/sealing.js";
import { Gateway } from "../support/gateway.js";
import { httpProxy } from "../support/proxies.js";
import { refused } from "../support/rpc-client.js";
import { waitFor } from "../support/wait.js";

const OWNER = "+5511910000001";
const CONTACT = "+5511920000001";
const MIB = 1024 * 1024;
const PNG = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), randomBytes(70_000)]);

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

describe("files that come with messages", () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await Gateway.start({ MEDIA_STORE_MAX_MB: "110", MEDIA_DOWNLOAD_MAX_MB: "100" });
    await gateway.paired("acme", OWNER, "Acme");
  });
  after(() => gateway.end());
  beforeEach(() => gateway.sandbox.delete("/faults"));

  const mediaDir = (): string => join(gateway.dataDir, "media");
  const read = ({ fileName }: MediaFile): Buffer => readFileSync(join(mediaDir(), fileName));
  const fetch = (mediaId: string, tenantId = "acme"): Promise<MediaFile> => gateway.rpc.call("media.fetch", { tenantId, mediaId });
  const told = async (id: string): Promise<MessageEvent> => (await waitFor("the message", () => gateway.follower.of("message").find((event) => event.data.messageId === id), 20_000)).data;
  const mediaIdOf = ({ content }: MessageEvent): string => ("media" in content ? content.media.mediaId : "");
  const say = async (what: Record<string, unknown>): Promise<string> => mediaIdOf(await told((await gateway.sandbox.post<{ id: string }>(`/contacts/${CONTACT}/say`, { to: OWNER, ...what })).id));
  const file = (bytes: Buffer, more: Record<string, unknown> = {}): Promise<string> => say({ media: { kind: "document", base64: bytes.toString("base64"), mimetype: "text/html", ...more } });
  const downloads = (): number => readdirSync(mediaDir()).filter((name) => !name.endsWith(".part")).length;

  it("are as they were sent, of every kind, and readable for nobody else", async () => {
    for (const kind of ["image", "video", "gif", "video_note", "audio", "voice_note", "document", "sticker"]) {
      const bytes = Buffer.concat([PNG, Buffer.from(kind)]);
      const mediaId = await say({ media: { kind, base64: bytes.toString("base64"), mimetype: "text/html", fileName: "../../etc/passwd" } });
      const found = await fetch(mediaId);
      assert.ok(read(found).equals(bytes), kind);
      assert.deepEqual([found.mediaId, found.mimeType, found.sizeBytes, found.sha256], [mediaId, "image/png", bytes.length, sha256(bytes)]);
      assert.ok(found.keptUntilMs > Date.now() + 71 * 3_600_000);
      if (kind === "document") assert.equal(found.originalName, ".._.._etc_passwd");
      assert.equal(statSync(join(mediaDir(), found.fileName)).mode & 0o777, 0o600);
    }
    assert.equal(statSync(mediaDir()).mode & 0o777, 0o700);
  });

  it("are downloaded once for all who ask, and not again after a restart", async () => {
    const mediaId = await file(PNG);
    const before = downloads();
    const [first, ...others] = await Promise.all(Array.from({ length: 8 }, () => fetch(mediaId)));
    assert.deepEqual(new Set([first, ...others].map((each) => each?.fileName)).size, 1);
    assert.equal(downloads(), before + 1);
    await gateway.bridge.kill();
    await gateway.restart();
    assert.equal((await fetch(mediaId)).fileName, first?.fileName);
    const taken = await gateway.rpc.call("store.usage", { tenantId: "acme" });
    assert.equal(taken.mediaFiles, downloads());
    assert.ok(taken.mediaBytes >= PNG.length);
    assert.deepEqual([taken.spoolFiles, taken.spoolBytes], [0, 0]);
    assert.deepEqual(await gateway.rpc.call("store.usage", { tenantId: "nobody" }), { mediaFiles: 0, mediaBytes: 0, spoolFiles: 0, spoolBytes: 0 });
    await gateway.waitState("acme", "connected");
    unlinkSync(join(mediaDir(), first?.fileName ?? ""));
    assert.ok(read(await fetch(mediaId)).equals(PNG), "what somebody deleted is downloaded again");
  });

  it("are brought again by the phone when WhatsApp has them no more", async () => {
    for (const code of [403, 404, 410]) {
      const mediaId = await file(Buffer.concat([PNG, Buffer.from(String(code))]));
      await gateway.sandbox.post("/faults", { kind: "refuse-download", code, count: 1 });
      assert.equal((await fetch(mediaId)).sizeBytes, PNG.length + 3);
    }
  });

  it("are gone when the phone does not have them either, and can be asked for again when the host has a bad day", async () => {
    const lost = { mediaKey: randomBytes(32).toString("base64"), directPath: "/v/nowhere", mimetype: "image/png", fileLength: 5, fileSha256: randomBytes(32).toString("base64") };
    await assert.rejects(fetch(await say({ message: { imageMessage: lost } })), refused("media_expired"));
    const mediaId = await file(PNG);
    await gateway.sandbox.post("/faults", { kind: "refuse-download", code: 500, count: 1 });
    await assert.rejects(fetch(mediaId), refused("media_unavailable"));
    assert.ok(read(await fetch(mediaId)).equals(PNG));
  });

  it("are refused when they are not what was announced, too large, unknown or somebody else's", async () => {
    const real = await gateway.sandbox.post<{ id: string }>(`/contacts/${CONTACT}/say`, { to: OWNER, media: { kind: "image", base64: PNG.toString("base64") } });
    await told(real.id);
    const { message } = await gateway.rpc.call("message.raw", { tenantId: "acme", messageId: real.id });
    const image = (message as { imageMessage: Record<string, unknown> }).imageMessage;
    const before = downloads();
    await assert.rejects(fetch(await say({ message: { imageMessage: { ...image, fileSha256: randomBytes(32).toString("base64") } } })), refused("media_unavailable"));
    await assert.rejects(fetch(await say({ message: { imageMessage: { ...image, mediaKey: randomBytes(32).toString("base64") } } })), refused("media_unavailable"));
    await assert.rejects(fetch(await say({ message: { imageMessage: { ...image, fileLength: 101 * MIB } } })), refused("media_over_limit"));
    await assert.rejects(fetch(await say({ message: { imageMessage: { ...image, directPath: "//example.org/x\r\nHost: y" } } })), refused("media_expired"));
    await assert.rejects(fetch(`med_${"0".repeat(32)}`), refused("media_not_found"));
    await assert.rejects(fetch(`med_${"0".repeat(32)}`, "nobody"), refused("session_not_found"));
    assert.equal(downloads(), before, "nothing of them is left");
    await gateway.rpc.call("session.start", { tenantId: "other", waitMs: 0 });
    await assert.rejects(fetch(mediaIdOf(await told(real.id)), "other"), refused("media_not_found"));
  });

  it("come at once when the tenant wants that, up to a size, and not at all when it does not want them", async () => {
    const set = (some: object): Promise<unknown> => gateway.rpc.call("session.setSettings", { tenantId: "acme", ...some });
    await set({ media: "automatic", automaticMaxBytes: 80_000 });
    const before = downloads();
    const large = await file(randomBytes(90_000));
    const small = await file(Buffer.concat([PNG, Buffer.from("auto")]));
    await waitFor("the download", () => downloads() === before + 1);
    await gateway.rpc.call("session.stop", { tenantId: "acme" });
    await waitFor("the file", () => fetch(small).then(() => true, () => false));
    await assert.rejects(fetch(large), refused("session_not_connected"));
    await set({ media: "none" });
    await assert.rejects(fetch(large), refused("media_not_found"));
    await set({ media: "on_demand" });
    await gateway.rpc.call("session.start", { tenantId: "acme", waitMs: 10_000 });
    await gateway.waitState("acme", "connected");
    assert.equal((await fetch(large)).sizeBytes, 90_000);
  });

  it("take the way the session takes", async () => {
    const proxy = await httpProxy();
    try {
      await gateway.rpc.call("session.setProxy", { tenantId: "acme", proxyUrl: proxy.url });
      await gateway.waitState("acme", "connected");
      const mediaId = await file(Buffer.concat([PNG, Buffer.from("proxy")]));
      const before = proxy.targets.length;
      await fetch(mediaId);
      assert.equal(proxy.targets.length, before + 1);
    } finally {
      await gateway.rpc.call("session.setProxy", { tenantId: "acme" });
      await proxy.close();
    }
    await gateway.waitState("acme", "connected");
  });

  it("need no memory to speak of, and push the oldest out when there is no more room", async () => {
    const bytes = randomBytes(100 * MIB - 1000);
    const mediaKey = randomBytes(32);
    const pieces: Buffer[] = [];
    for await (const piece of sealPieces(piecesOf(bytes), mediaKey, "document")) pieces.push(piece);
    const sealed = Buffer.concat(pieces);
    const { directPath, fileEncSha256 } = await upload(gateway, sealed);
    const oldest = await file(Buffer.concat([PNG, Buffer.from("oldest")]));
    const { fileName } = await fetch(oldest);
    const message = { documentMessage: { mimetype: "application/pdf", directPath, mediaKey: mediaKey.toString("base64"), fileEncSha256, fileSha256: createHash("sha256").update(bytes).digest("base64"), fileLength: bytes.length } };
    const [large, second] = [await say({ message }), await say({ message })];
    const peak = await watchMemory(gateway.bridge.child.pid ?? 0, async () => {
      assert.equal((await fetch(large)).sha256, sha256(bytes));
    });
    // The collector comes by itself only after 64 MiB of buffers; the file itself would be 100 MiB on top of those.
    assert.ok(peak.grown < 100 * MIB, `100 MiB took ${Math.round(peak.grown / MIB)} MiB more`);
    await fetch(second);
    assert.equal(existsSync(join(mediaDir(), fileName)), false, "the oldest went");
    assert.ok(readdirSync(mediaDir()).reduce((sum, name) => sum + statSync(join(mediaDir(), name)).size, 0) <= 110 * MIB);
    assert.ok((await fetch(oldest)).sizeBytes > 0);
  });

  it("are there after a logout, and gone with the tenant", async () => {
    const mediaId = await file(Buffer.concat([PNG, Buffer.from("last")]));
    const { fileName } = await fetch(mediaId);
    await gateway.rpc.call("session.logout", { tenantId: "acme" });
    assert.equal((await fetch(mediaId)).fileName, fileName);
    await gateway.rpc.call("session.delete", { tenantId: "acme" });
    await assert.rejects(fetch(mediaId), refused("session_not_found"));
    await waitFor("the files to go", () => downloads() === 0);
  });
});

function piecesOf(bytes: Buffer): AsyncIterable<Buffer> {
  return Readable.from(Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, i) => bytes.subarray(i * 65_536, (i + 1) * 65_536)));
}

/** Puts bytes on the sandbox's media server. */
function upload(gateway: Gateway, sealed: Buffer): Promise<{ directPath: string; fileEncSha256: string }> {
  const digest = createHash("sha256").update(sealed).digest();
  const { env, port } = gateway.sandbox;
  return new Promise((resolve, reject) => {
    const sent = request(`https://127.0.0.1:${port}/mms/document/${digest.toString("base64url")}`, { method: "POST", ca: readFileSync(env["SANDBOX_CA_FILE"] ?? "") }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const { direct_path: directPath } = JSON.parse(Buffer.concat(chunks).toString()) as { direct_path: string };
        resolve({ directPath, fileEncSha256: digest.toString("base64") });
      });
    });
    sent.on("error", reject);
    sent.end(sealed);
  });
}

/** By how much a process grew at most while something happened. */
async function watchMemory(pid: number, work: () => Promise<void>): Promise<{ grown: number }> {
  const rss = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
  const before = rss();
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, rss());
  }, 20);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return { grown: Math.max(peak, rss()) - before };
}
