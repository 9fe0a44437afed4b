/** Every TypeScript example of the clients' pages compiles in a strict app; those of docs/clients.md are run. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";
import { AnsweringServer } from "./server.js";

const ROOT = resolve(fileURLToPath(new URL("../../..", import.meta.url)));
const PAGES = ["README.md", "docs/clients.md", "clients/typescript/README.md"];
const SECRET = "a-secret-of-the-documents";

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  types: ["node"],
  typeRoots: [join(ROOT, "node_modules/@types")],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noUnusedLocals: true,
  noImplicitReturns: true,
  skipLibCheck: true,
  noEmitOnError: true,
};

function examples(page: string): string[] {
  return [...readFileSync(join(ROOT, page), "utf8").matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => match[1] ?? "");
}

describe("the TypeScript examples of the clients' pages", () => {
  const folder = mkdtempSync(join(tmpdir(), "client-documents-"));
  const files: { page: string; code: string; path: string }[] = [];

  before(() => {
    const installed = join(folder, "node_modules/whatsapp-gateway-client");
    mkdirSync(installed, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
    // The package as an app sees it: its types are the sources', its code the compiled one's.
    writeFileSync(join(installed, "package.json"), JSON.stringify({ type: "module", exports: { ".": { types: "./index.d.ts", default: "./index.js" } } }));
    writeFileSync(join(installed, "index.d.ts"), `export * from ${JSON.stringify(join(ROOT, "clients/typescript/src/index.js"))};`);
    writeFileSync(join(installed, "index.js"), `export * from ${JSON.stringify(pathToFileURL(join(ROOT, "build/clients/typescript/src/index.js")).href)};`);
    for (const page of PAGES) {
      for (const [n, code] of examples(page).entries()) {
        const path = join(folder, `${page.replaceAll(/\W/g, "_")}_${n}.ts`);
        writeFileSync(path, code);
        writeFileSync(path.replace(/ts$/, "js"), ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext } }).outputText);
        files.push({ page, code, path });
      }
    }
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("compile under the strictest settings", () => {
    assert.ok(files.length >= 12, `only ${files.length} examples were found`);
    const program = ts.createProgram(files.map((file) => file.path), OPTIONS);
    const told = ts.getPreEmitDiagnostics(program).map((diagnostic) => {
      const at = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
      return `${diagnostic.file?.fileName ?? ""}:${(at?.line ?? 0) + 1} ${ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n")}`;
    });
    assert.deepEqual(told, []);
  });

  const route = async (name: string): Promise<(request: Request) => Promise<Response>> => {
    const file = files.find((each) => each.page === "docs/clients.md" && each.code.startsWith(`// ${name}`));
    assert.ok(file, name);
    return ((await import(pathToFileURL(file.path.replace(/ts$/, "js")).href)) as { POST: (request: Request) => Promise<Response> }).POST;
  };

  it("send from a route under a key of the order", async () => {
    const server = await AnsweringServer.start();
    try {
      Object.assign(process.env, { WHATSAPP_URL: server.url, WHATSAPP_API_KEY: "wk_live_of_a_test" });
      const post = await route("app/api/orders/shipped/route.ts");
      server.will({ status: 200, body: { success: true, messageId: "3EB0", status: "sent" } });
      const answer = await post(new Request("https://app.example/", { method: "POST", body: JSON.stringify({ order: "7", phone: "+5511987654321" }) }));
      assert.deepEqual(await answer.json(), { success: true, messageId: "3EB0", status: "sent" });
      assert.equal(server.asked[0]?.headers["idempotency-key"], "shipped-7");
      assert.deepEqual(JSON.parse(server.asked[0].body), { to: "+5511987654321", message: "Olá! Order 7 has shipped.", type: "text" });
    } finally {
      await server.stop();
    }
  });

  it("take a webhook and no stranger's", async () => {
    process.env["LOCAI_WEBHOOK_SECRET"] = SECRET;
    const post = await route("app/api/whatsapp/route.ts");
    const body = JSON.stringify({ event: "presence", tenantId: "my-shop", data: {} });
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac("sha256", SECRET).update(`evt_1.${timestamp}.${body}`).digest("base64");
    const headers = { "webhook-id": "evt_1", "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
    assert.equal((await post(new Request("https://app.example/", { method: "POST", body, headers }))).status, 200);
    assert.equal((await post(new Request("https://app.example/", { method: "POST", body }))).status, 401);
  });
});
