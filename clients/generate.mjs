// Writes what the clients derive from docs/openapi.json; with --check it only says what is stale.
//   typescript/src/types.gen.ts, operations.gen.ts                         shapes, and a method for every operation
//   python/whatsapp_gateway/types_gen.py, operations_gen.py, async_operations_gen.py
// TypeScript's types need json-schema-to-typescript, Python's datamodel-code-generator (in .venv).
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const api = JSON.parse(readFileSync(join(root, "docs/openapi.json"), "utf8"));
const BANNER = "Generated from docs/openapi.json by `npm run clients`. Do not edit.";
const JSON_TYPE = "application/json";

const refName = (schema) => schema?.$ref?.split("/").at(-1);
// A name that is a word of Python's own ends with an underscore, as PEP 8 has it.
const RESERVED = new Set(["from", "import", "class", "global", "in", "is", "pass", "async", "await", "def"]);
const snake = (name) => {
  const words = name.replaceAll("-", "_").replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
  return RESERVED.has(words) ? `${words}_` : words;
};
const camel = (name) => name.replace(/-([A-Za-z])/g, (_, letter) => letter.toUpperCase()).replace(/^[A-Z]/, (letter) => letter.toLowerCase());

/** Parameters of other forms of an answer than the one the clients read. */
const isSocket = (operation) => !Object.keys(operation.responses).some((status) => status.startsWith("2"));

const operations = Object.entries(api.paths)
  .flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })))
  .filter((operation) => !isSocket(operation))
  .map((operation) => {
    const answers = Object.entries(operation.responses).filter(([status]) => status.startsWith("2")).map(([, answer]) => answer.content ?? {});
    const json = answers.every((content) => JSON_TYPE in content);
    const result = json ? refName(answers[0][JSON_TYPE].schema) : undefined;
    if (json && operation.operationId !== "getOpenApi" && result === undefined) throw new Error(`${operation.operationId} answers JSON without a name`);
    const content = operation.requestBody?.content;
    const parameters = operation.parameters ?? [];
    // One form is enough for a program, and it is the one of the types.
    const query = parameters.filter((each) => each.in === "query" && !(json && each.name === "format"));
    return {
      id: operation.operationId,
      method: operation.method,
      path: operation.path,
      summary: operation.summary,
      description: operation.description,
      names: [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]),
      query,
      headers: parameters.filter((each) => each.in === "header" && each.name !== "If-None-Match"),
      body: content === undefined ? undefined : { name: refName(content[JSON_TYPE]?.schema), form: "multipart/form-data" in content, required: operation.requestBody.required === true },
      result,
      json,
    };
  });

const words = (operation) => [operation.summary.replace(/\.$/, "") + ".", "", ...operation.description.split("\n")];
const primitive = (schema, names) => {
  if (schema.enum !== undefined) return names.union(schema.enum);
  const type = Array.isArray(schema.type) ? schema.type.find((each) => each !== "null") : schema.type;
  return names[type] ?? names.string;
};

// ---------------------------------------------------------------------------------------------------- TypeScript

const TS = { string: "string", integer: "number", number: "number", boolean: "boolean", union: (values) => values.map((value) => JSON.stringify(value)).join(" | ") };

async function typescriptTypes() {
  const definitions = JSON.parse(JSON.stringify(api.components.schemas).replaceAll("#/components/schemas/", "#/definitions/"));
  for (const [name, schema] of Object.entries(definitions)) schema.title = name;
  // Each property is documented; titles of properties would become types of their own.
  const untitled = (value, depth = 0) => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, each] of Object.entries(value)) {
      if (key === "title" && typeof each === "string" && depth > 0) delete value[key];
      else if (key === "$ref" && Object.keys(value).length > 1) {
        // Words beside a reference would make a copy of the type.
        delete value.$ref;
        value.allOf = [{ $ref: each }];
      }
      else untitled(each, depth + 1);
    }
  };
  for (const schema of Object.values(definitions)) untitled(schema);
  // What has a default may be left out of what one sends, and is always there in what one gets: `required` says so.
  const text = await compile(
    { title: "Shapes", type: "object", additionalProperties: false, properties: Object.fromEntries(Object.keys(definitions).map((name) => [name, { $ref: `#/definitions/${name}` }])), definitions },
    "Shapes",
    { bannerComment: "", additionalProperties: false, unreachableDefinitions: true, format: true },
  );
  const types = text
    .replaceAll(/ \*\n \* This interface was referenced by `Shapes`'s JSON-Schema\n \* via the `definition` "\w+"\.\n/g, "")
    .replaceAll(/\/\*\*\n \* This interface was referenced by `Shapes`'s JSON-Schema\n \* via the `definition` "\w+"\.\n \*\/\n/g, "")
    .replace(/export interface Shapes \{[\s\S]*?\n\}\n/, "");
  const events = Object.values(api.webhooks).map((hook) => refName(hook.post.requestBody.content[JSON_TYPE].schema));
  return `// ${BANNER}

${types.trim()}

/** What comes to a webhook: decide by \`event\`. */
export type WebhookEvent =
${events.map((name) => `  | ${name}`).join("\n")};
`;
}

function typescriptOperations() {
  const types = new Set();
  const methods = operations.map((operation) => {
    for (const name of [operation.result, operation.body?.name]) if (name !== undefined) types.add(name);
    const options = [...operation.query, ...operation.headers].map((each) => `${camel(each.name)}?: ${primitive(each.schema, TS)}`);
    const result = operation.json ? (operation.result ?? "unknown") : "Response";
    const parameters = operation.names.map((name) => `${name}: string`);
    if (operation.body !== undefined) parameters.push(`body${operation.body.required ? "" : "?"}: ${operation.body.name}${operation.body.form ? " | FormData" : ""}`);
    parameters.push(`options: CallOptions${options.length > 0 ? ` & { ${options.join("; ")} }` : ""} = {}`);
    const call = [];
    if (operation.query.length > 0) call.push(`query: { ${operation.query.map((each) => `${each.name}: options.${camel(each.name)}`).join(", ")} }`);
    if (operation.headers.length > 0) call.push(`headers: { ${operation.headers.map((each) => `"${each.name}": options.${camel(each.name)}`).join(", ")} }`);
    if (operation.body !== undefined) call.push("body");
    if (operation.headers.some((each) => each.name === "Idempotency-Key")) call.push("repeatable: options.idempotencyKey !== undefined");
    const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name) => `\${encodeURIComponent(${name})}`);
    const kind = operation.json ? `json<${result}>` : "response";
    return `  /**
${words(operation).map((line) => `   * ${line}`.trimEnd()).join("\n")}
   */
  ${operation.id}(${parameters.join(", ")}): Promise<${result}> {
    return this.transport.${kind}("${operation.method}", \`${path}\`, { ...options${call.map((each) => `, ${each}`).join("")} });
  }`;
  });
  return `// ${BANNER}
import type { CallOptions, Transport } from "./transport.js";
import type {
${[...types].sort().map((name) => `  ${name},`).join("\n")}
} from "./types.gen.js";

/** Every operation of the API, by its name there. */
export abstract class Operations {
  protected abstract readonly transport: Transport;

${methods.join("\n\n")}
}
`;
}

// -------------------------------------------------------------------------------------------------------- Python

const PY = { string: "str", integer: "int", number: "float", boolean: "bool", union: (values) => `Literal[${values.map((value) => JSON.stringify(value)).join(", ")}]` };
const PYTHON = join(root, ".venv/bin");

function formatted(name, text) {
  return execFileSync(join(PYTHON, "ruff"), ["format", "--stdin-filename", join(root, "clients/python/whatsapp_gateway", name), "-"], { input: text, cwd: root, encoding: "utf8" });
}

function pythonTypes() {
  const dir = mkdtempSync(join(tmpdir(), "clients-"));
  try {
    const generator = join(PYTHON, "datamodel-codegen");
    if (!existsSync(generator)) throw new Error(`${generator} is missing: run scripts/install --dev first`);
    const schemas = JSON.parse(JSON.stringify(api.components.schemas));
    writeFileSync(join(dir, "api.json"), JSON.stringify({ openapi: "3.1.0", info: { title: "-", version: "0" }, paths: {}, components: { schemas } }));
    execFileSync(generator, [
      ...["--input", join(dir, "api.json"), "--input-file-type", "openapi", "--output", join(dir, "out.py")],
      ...["--output-model-type", "typing.TypedDict", "--target-python-version", "3.11", "--use-standard-collections"],
      ...["--use-union-operator", "--use-schema-description", "--enum-field-as-literal", "all", "--disable-timestamp"],
      ...["--disable-warnings", "--encoding", "utf-8", "--formatters", "ruff-format"],
    ], { stdio: ["ignore", "pipe", "ignore"] });
    const text = readFileSync(join(dir, "out.py"), "utf8").replace(/^# generated by datamodel-codegen:\n(#.*\n)*/m, "").trimStart();
    const events = Object.values(api.webhooks).map((hook) => refName(hook.post.requestBody.content[JSON_TYPE].schema));
    return formatted("types_gen.py", `"""The shapes of the API, as dictionaries with known keys. ${BANNER}"""

${text}

WebhookEvent: TypeAlias = (
    ${events.join("\n    | ")}
)
"""What comes to a webhook: decide by \`event\`."""
`);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function pythonOperations(isAsync) {
  const types = new Set();
  let literal = false;
  const methods = operations.map((operation) => {
    for (const name of [operation.result, operation.body?.name]) if (name !== undefined) types.add(name);
    const result = operation.json ? (operation.result ?? "dict[str, Any]") : "bytes";
    const streams = !operation.json && Object.keys(operation).length > 0 && /stream|watch/.test(operation.id);
    if (streams) return undefined;
    const parameters = ["self", ...operation.names.map((name) => `${snake(name)}: str`)];
    if (operation.body !== undefined) parameters.push(operation.body.required ? `body: ${operation.body.name}` : `body: ${operation.body.name} | None = None`);
    const given = [...operation.query, ...operation.headers];
    if (operation.body?.form) given.push({ name: "file", schema: {}, python: "File" });
    if (given.length > 0) {
      parameters.push("*");
      for (const each of given) {
        const type = each.python ?? primitive(each.schema, PY);
        literal ||= type.startsWith("Literal");
        parameters.push(`${snake(each.name)}: ${type} | None = None`);
      }
    }
    const call = [];
    if (operation.query.length > 0) call.push(`query={${operation.query.map((each) => `"${each.name}": ${snake(each.name)}`).join(", ")}}`);
    if (operation.headers.length > 0) call.push(`headers={${operation.headers.map((each) => `"${each.name}": ${snake(each.name)}`).join(", ")}}`);
    if (operation.body !== undefined) call.push("body=body");
    if (operation.body?.form) call.push("file=file");
    const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name) => `{quoted(${snake(name)})}`);
    const address = `${operation.names.length > 0 ? "f" : ""}"${path}"`;
    const [first, ...others] = words(operation);
    const said = [first, ...others.flatMap((line) => wrap(line, 100))].map((line, index) => (index === 0 || line === "" ? line : `        ${line}`)).join("\n");
    const sent = `${isAsync ? "await " : ""}self._${operation.json ? "json" : "bytes"}(\n            "${operation.method}", ${address}${call.map((each) => `, ${each}`).join("")}\n        )`;
    return `    ${isAsync ? "async " : ""}def ${snake(operation.id)}(${parameters.join(", ")}) -> ${result}:
        """${said}
        """
        return ${operation.json && operation.result !== undefined ? `cast("${result}", ${sent})` : sent}`;
  }).filter((method) => method !== undefined);
  return formatted(isAsync ? "async_operations_gen.py" : "operations_gen.py", `"""Every operation of the API, by its name there. ${BANNER}"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any${literal ? ", Literal" : ""}, cast

from whatsapp_gateway.call import File, quoted
from whatsapp_gateway.types_gen import (
${[...types].sort().map((name) => `    ${name},`).join("\n")}
)


class ${isAsync ? "AsyncOperations" : "Operations"}(ABC):
    """What the API can do."""

    @abstractmethod
    ${isAsync ? "async " : ""}def _json(self, method: str, path: str, *, query: Mapping[str, object] | None = None, headers: Mapping[str, str | None] | None = None, body: object = None, file: File | None = None) -> dict[str, Any]:
        """Return the JSON of a success."""

    @abstractmethod
    ${isAsync ? "async " : ""}def _bytes(self, method: str, path: str, *, query: Mapping[str, object] | None = None, headers: Mapping[str, str | None] | None = None) -> bytes:
        """Return the body of a success."""

${methods.join("\n\n")}
`);
}

function wrap(line, width) {
  const out = [];
  let current = "";
  for (const word of line.split(" ")) {
    if (current !== "" && current.length + word.length + 1 > width) {
      out.push(current);
      current = word;
    } else current = current === "" ? word : `${current} ${word}`;
  }
  return [...out, current];
}

const outputs = {
  "clients/typescript/src/types.gen.ts": await typescriptTypes(),
  "clients/typescript/src/operations.gen.ts": typescriptOperations(),
  "clients/python/whatsapp_gateway/types_gen.py": pythonTypes(),
  "clients/python/whatsapp_gateway/operations_gen.py": pythonOperations(false),
  "clients/python/whatsapp_gateway/async_operations_gen.py": pythonOperations(true),
};
const stale = Object.entries(outputs).filter(([file, text]) => !existsSync(join(root, file)) || readFileSync(join(root, file), "utf8") !== text);
if (!process.argv.includes("--check")) for (const [file, text] of stale) writeFileSync(join(root, file), text);
const names = stale.map(([file]) => file).join(", ");
if (process.argv.includes("--check") && stale.length > 0) {
  process.stderr.write(`stale, run \`npm run clients\`: ${names}\n`);
  process.exit(1);
}
process.stdout.write(stale.length > 0 ? `wrote ${names}\n` : "the clients are fresh\n");
