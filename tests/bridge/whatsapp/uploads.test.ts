import assert from "node:assert/strict";
import { createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";
import { unlinkSync } from "node:fs";
import { Agent, createServer, type Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { generate } from "selfsigned";
import type { SpoolFile } from "../../../bridge/src/rpc/contract.gen.js";
import type { Pairing } from "../../../bridge/src/store/sessions.js";
import type { Store } from "../../../bridge/src/store/store.js";
import type { Link } from "../../../bridge/src/whatsapp/link.js";
import { MediaHosts } from "../../../bridge/src/whatsapp/media/media-hosts.js";
import { sealedLength } from "../../../bridge/src/whatsapp/media/sealing.js";
import { Spool } from "../../../bridge/src/whatsapp/media/spool.js";
import { Uploads, type UploadRequest, type Uploaded } from "../../../bridge/src/whatsapp/media/uploads.js";
import { SILENT } from "../support/in-process.js";
import { makeDirectory } from "../support/places.js";
import { putFile } from "../support/spool-files.js";
import { openTestStore } from "../support/test-store.js";
import { waitFor } from "../support/wait.js";

const BYTES = randomBytes(200_003);

interface Taken {
  url: string;
  body: Buffer;
}

/** A media host and a link that knows it. */
class World {
  readonly taken: Taken[] = [];
  readonly gone = new AbortController();
  readonly store: Store;
  readonly pairing: Pairing;
  readonly data = makeDirectory();
  readonly uploads: Uploads;
  readonly link: Link;
  asked = 0;
  hosts: string[];
  answer: (request: IncomingMessage, response: ServerResponse, body: Promise<Buffer>) => void = (_request, response, body) => {
    void body.then(() => response.end(JSON.stringify({ url: "https://media.example/v/1", direct_path: "/v/1", handle: "h1" })));
  };

  constructor(
    readonly server: Server,
    ca: string,
  ) {
    ({ store: this.store, pairing: this.pairing } = openTestStore());
    this.hosts = [`127.0.0.1:${(server.address() as AddressInfo).port}`];
    this.uploads = new Uploads(this.store, new Spool(join(this.data, "spool"), this.store, SILENT), new MediaHosts(), { silenceMs: 200 });
    server.removeAllListeners("request");
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      const body = (async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        return Buffer.concat(chunks);
      })();
      void body.then((bytes) => this.taken.push({ url: request.url ?? "", body: bytes })).catch(() => undefined);
      this.answer(request, response, body);
    });
    const query = (): Promise<unknown> => {
      this.asked += 1;
      const content = this.hosts.map((hostname) => ({ tag: "host", attrs: { hostname } }));
      return Promise.resolve({ tag: "iq", attrs: {}, content: [{ tag: "media_conn", attrs: { auth: `auth/${this.asked}`, ttl: "300" }, content }] });
    };
    this.link = { sock: { query }, route: { agent: new Agent({ ca }) }, gone: this.gone.signal } as unknown as Link;
  }

  file(bytes = BYTES): SpoolFile {
    return putFile(this.data, bytes, "image/png");
  }

  upload(file: SpoolFile, more: Partial<UploadRequest> = {}): Promise<Uploaded> {
    return this.uploads.upload({ link: this.link, pairing: this.pairing, file, family: "image", toChannel: false, signal: new AbortController().signal, ...more });
  }
}

describe("uploading", () => {
  let made: { private: string; cert: string };
  let server: Server;
  let world: World;

  before(async () => {
    made = await generate([{ name: "commonName", value: "127.0.0.1" }], { extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }] });
    server = createServer({ key: made.private, cert: made.cert });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  const fresh = (): World => (world = new World(server, made.cert));
  afterEach(() => {
    world.gone.abort();
    world.store.close();
    server.closeAllConnections();
  });
  after(() => server.close());

  it("encrypts as WhatsApp does and says where the file is and how to open it", async () => {
    const uploaded = await fresh().upload(world.file());
    const [first] = world.taken;
    assert.ok(first && uploaded.mediaKey && uploaded.fileEncSha256);
    assert.equal(first.body.length, sealedLength(BYTES.length));
    const digest = createHash("sha256").update(first.body).digest();
    assert.deepEqual(Buffer.from(uploaded.fileEncSha256), digest);
    assert.equal(first.url, `/mms/image/${digest.toString("base64url")}?auth=auth%2F1&token=${digest.toString("base64url")}`);
    const keys = Buffer.from(hkdfSync("sha256", uploaded.mediaKey, "", "WhatsApp Image Keys", 112));
    const cipher = createDecipheriv("aes-256-cbc", keys.subarray(16, 48), keys.subarray(0, 16));
    assert.ok(BYTES.equals(Buffer.concat([cipher.update(first.body.subarray(0, -10)), cipher.final()])));
    assert.deepEqual([uploaded.directPath, uploaded.url, uploaded.fileLength], ["/v/1", "https://media.example/v/1", BYTES.length]);
  });

  for (const size of [1, 15, 16, 17, 65_535, 65_536, 65_537]) {
    it(`announces the right length for ${size} bytes`, async () => {
      await fresh().upload(world.file(randomBytes(size)));
      assert.equal(world.taken[0]?.body.length, sealedLength(size));
    });
  }

  it("uploads for a channel in the clear and by the digest of the file itself", async () => {
    const uploaded = await fresh().upload(world.file(), { toChannel: true });
    assert.ok(BYTES.equals(world.taken[0]?.body ?? Buffer.alloc(0)));
    assert.match(world.taken[0]?.url ?? "", /^\/newsletter\/newsletter-image\//);
    assert.deepEqual([uploaded.mediaKey, uploaded.fileEncSha256, uploaded.handle], [undefined, undefined, "h1"]);
  });

  it("brings a file there once, for all who want it together and for those who come later", async () => {
    const file = fresh().file();
    const all = await Promise.all(Array.from({ length: 50 }, () => world.upload(file)));
    assert.equal(world.taken.length, 1);
    assert.ok(all.every((each) => each.mediaKey === all[0]?.mediaKey));
    unlinkSync(join(world.data, "spool", file.name));
    const later = await world.upload(file);
    assert.deepEqual(Buffer.from(later.mediaKey ?? []), Buffer.from(all[0]?.mediaKey ?? []));
    assert.deepEqual([later.directPath, later.fileLength, later.mediaKeyTimestamp], [all[0]?.directPath, BYTES.length, all[0]?.mediaKeyTimestamp]);
    await world.upload(world.file(), { family: "document" });
    assert.equal(world.taken.length, 2, "as another kind it is another file");
  });

  it("is not stopped by one of several who gives up", async () => {
    fresh();
    let finish: () => void = () => undefined;
    world.answer = (_request, response) => {
      finish = () => response.end(JSON.stringify({ direct_path: "/v/2" }));
    };
    const impatient = new AbortController();
    const file = world.file();
    const [first, second] = [world.upload(file, { signal: impatient.signal }), world.upload(file)];
    await waitFor("the upload", () => world.taken.length === 1);
    impatient.abort();
    await assert.rejects(first, /nobody waits/);
    finish();
    assert.equal((await second).directPath, "/v/2");
  });

  it("tries the next host", async () => {
    fresh();
    world.hosts = ["127.0.0.1:1", ...world.hosts];
    assert.equal((await world.upload(world.file())).directPath, "/v/1");
  });

  for (const [name, answer] of [
    ["an error", (_q, response) => response.writeHead(500).end("{}")],
    ["nonsense", (_q, response) => response.end("<html>")],
    ["a path that is none", (_q, response) => response.end(JSON.stringify({ direct_path: "https://evil.example/" }))],
    ["a redirect", (_q, response) => response.writeHead(307, { location: "http://127.0.0.1:1/" }).end()],
    ["an endless answer", (_q, response) => { response.writeHead(200); const flood = (): void => { while (response.write("x".repeat(10_000)) && !response.destroyed); if (!response.destroyed) response.once("drain", flood); }; flood(); }],
    ["nothing", () => undefined],
    ["half an answer", (_q, response) => { response.writeHead(200, { "content-length": 100 }); response.write("{"); setImmediate(() => response.destroy()); }],
  ] as [string, (request: IncomingMessage, response: ServerResponse) => void][]) {
    it(`fails for now when a host answers with ${name}, and works when it is asked again`, async () => {
      fresh();
      const { answer: well } = world;
      world.answer = answer;
      const file = world.file();
      await assert.rejects(world.upload(file), (error: Error) => error.message === "no media host took the file");
      world.answer = well;
      assert.equal((await world.upload(file)).directPath, "/v/1");
    });
  }

  it("asks for a new permission when the old one is refused, once", async () => {
    fresh();
    world.answer = (request, response, body) => {
      void body.then(() => (request.url?.includes("auth%2F2") === true ? response.end(JSON.stringify({ direct_path: "/v/3" })) : response.writeHead(401).end("{}")));
    };
    assert.equal((await world.upload(world.file())).directPath, "/v/3");
    assert.equal(world.asked, 2);
    world.answer = (_request, response) => response.writeHead(401).end("{}");
    await assert.rejects(world.upload(world.file(randomBytes(10))), /no media host/);
    assert.equal(world.asked, 3);
  });

  it("gives a file up for good when it is refused itself or is not what was announced", async () => {
    fresh();
    world.answer = (_request, response) => response.writeHead(413).end("{}");
    await assert.rejects(world.upload(world.file()), { code: "media_unusable", reason: "host_413" });
    await assert.rejects(world.upload({ ...world.file(), sha256: "00".repeat(32) }), { code: "media_unusable", reason: "digest" });
    const gone = world.file();
    unlinkSync(join(world.data, "spool", gone.name));
    await assert.rejects(world.upload({ ...gone, sha256: "11".repeat(32) }), { code: "media_unusable", reason: "not_there" });
  });

  it("ends with the connection", async () => {
    fresh();
    world.answer = () => undefined;
    const upload = world.upload(world.file());
    await waitFor("the upload", () => world.taken.length === 1);
    world.gone.abort();
    await assert.rejects(upload);
    await assert.rejects(world.upload(world.file(randomBytes(9))), { name: "AbortError" });
  });

  it("asks again when WhatsApp did not say where to, and trusts no host that is no name", async () => {
    fresh();
    const right = world.hosts;
    world.hosts = ["evil.example/path?", "user@evil.example"];
    await assert.rejects(world.upload(world.file()), /named no media host/);
    world.hosts = right;
    assert.equal((await world.upload(world.file())).directPath, "/v/1");
  });
});
