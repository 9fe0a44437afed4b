// Writes everything that is derived from openrpc.json; with --check it only says what is stale.
//   bridge/src/rpc/contract.gen.ts    types, method map, error table for the bridge
//   control/rpc/contract_gen.py       pydantic models, method table, error table for control
//   docs/rpc.md                       the contract for people
// Node's part needs json-schema-to-typescript, Python's part datamodel-code-generator (in .venv).
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const source = readFileSync(join(root, "bridge/contract/openrpc.json"), "utf8");
const contract = JSON.parse(source);
const hash = createHash("sha256").update(JSON.stringify(contract)).digest("hex");
const refName = (schema) => schema.$ref.split("/").at(-1);
const errors = Object.entries(contract.components.errors).map(([name, error]) => ({ name, ...error }));

/** A method's by-name parameters as one object schema; methods that take the same share its name. */
const paramsSchema = (method) => ({
  description: `The parameters of ${contract.methods.filter((m) => m["x-params-name"] === method["x-params-name"]).map((m) => m.name).join(", ")}.`,
  type: "object",
  additionalProperties: false,
  required: method.params.filter((p) => p.required).map((p) => p.name),
  properties: Object.fromEntries(
    method.params.map((p) => [p.name, p.description ? { ...p.schema, description: p.description } : p.schema]),
  ),
});
const schemas = {
  ...Object.fromEntries(contract.methods.map((m) => [m["x-params-name"], paramsSchema(m)])),
  ...contract.components.schemas,
};

/** The component schemas as one JSON Schema whose root names every one of them. */
function asJsonSchema(rootName) {
  const text = JSON.stringify({
    $schema: "http://json-schema.org/draft-07/schema#",
    title: rootName,
    description: "Every shape of the contract.",
    type: "object",
    additionalProperties: false,
    properties: Object.fromEntries(Object.keys(schemas).map((name) => [name, { $ref: `#/definitions/${name}` }])),
    definitions: Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, { title: name, ...schema }])),
  });
  return JSON.parse(text.replaceAll("#/components/schemas/", "#/definitions/"));
}

async function typescript() {
  const types = await compile(asJsonSchema("ContractShapes"), "ContractShapes", {
    bannerComment: "",
    additionalProperties: false,
    unreachableDefinitions: true,
    format: true,
  }).then((text) => text.replaceAll(/ \*\n \* This interface was referenced by `ContractShapes`'s JSON-Schema\n \* via the `definition` "\w+"\.\n/g, "").replace(/\/\*\*\n \* Every shape of the contract\.\n \*\/\nexport interface ContractShapes \{[\s\S]*?\n\}\n/, ""));
  const methods = contract.methods
    .map(
      (m) =>
        `  /** ${m.summary} */\n  "${m.name}": { params: ${m["x-params-name"]}; result: ${m.result.name}; error: ${
          m.errors.map((e) => JSON.stringify(refName(e))).join(" | ") || "never"
        } };`,
    )
    .join("\n");
  const errorRows = errors
    .map((e) => `  ${e.name}: { code: ${e.code}, retryable: ${e["x-retryable"]}, message: ${JSON.stringify(e.message)} },`)
    .join("\n");
  return `// Generated from bridge/contract/openrpc.json by \`npm run contract\`. Do not edit.

${types.trim()}

/** The methods of the contract: what they take, what they answer, which errors of theirs they may give. */
export interface Methods {
${methods}
}

export type MethodName = keyof Methods;

export const METHOD_NAMES = [
${contract.methods.map((m) => `  "${m.name}",`).join("\n")}
] as const satisfies readonly MethodName[];

/** The error table: JSON-RPC code, whether the same call may succeed later, sentence for a person. */
export const ERRORS = {
${errorRows}
} as const satisfies Record<string, { code: number; retryable: boolean; message: string }>;

export type ErrorName = keyof typeof ERRORS;

/** SHA-256 of the contract; both sides compare it in system.hello. */
export const CONTRACT_HASH = "${hash}";

/** The longest line either side may send. */
export const MAX_LINE_BYTES = ${contract["x-max-line-bytes"]};
`;
}

function python() {
  const dir = mkdtempSync(join(tmpdir(), "contract-"));
  try {
    writeFileSync(join(dir, "schema.json"), JSON.stringify(asJsonSchema("ContractShapes")));
    const generator = join(root, ".venv/bin/datamodel-codegen");
    if (!existsSync(generator)) throw new Error(`${generator} is missing: run scripts/install --dev first`);
    execFileSync(
      generator,
      [
        ...["--input", join(dir, "schema.json"), "--input-file-type", "jsonschema"],
        ...["--output", join(dir, "out.py"), "--output-model-type", "pydantic_v2.BaseModel"],
        ...["--target-python-version", "3.11", "--snake-case-field", "--allow-population-by-field-name"],
        ...["--use-annotated", "--field-constraints", "--use-standard-collections", "--use-union-operator"],
        ...["--use-schema-description", "--use-title-as-name", "--collapse-root-models"],
        ...["--use-subclass-enum", "--use-specialized-enum", "--enum-field-as-literal", "one"],
        ...["--disable-timestamp", "--encoding", "utf-8", "--disable-warnings", "--formatters", "ruff-format"],
        ...["--extra-fields", "forbid", "--enable-faux-immutability", "--strict-types", "str", "int", "bool"],
      ],
      { cwd: dir, stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, PATH: `${join(root, ".venv/bin")}:${process.env.PATH}` } },
    );
    const models = readFileSync(join(dir, "out.py"), "utf8")
      .replace(/^# generated by datamodel-codegen:\n#.*\n/m, "")
      .replace(/\n\nclass ContractShapes\(BaseModel\):[\s\S]*$/, "\n")
      // Control starts sooner when no shape is built before it is needed.
      .replace(/^( +)frozen=True,$/gm, "$1frozen=True,\n$1defer_build=True,");
    const methods = contract.methods
      .map(
        (m) =>
          `    "${m.name}": Method(${m["x-params-name"]}, ${m.result.name}, timeout_ms=${m["x-timeout-ms"]}, idempotent=${
            m["x-idempotent"] ? "True" : "False"
          }, errors=(${m.errors.map((e) => `${JSON.stringify(refName(e))},`).join(" ")})),`,
      )
      .join("\n");
    const errorRows = errors
      .map(
        (e) =>
          `    ContractError(${e.code}, ${JSON.stringify(e.name)}, ${e["x-http-status"]}, ${e["x-retryable"] ? "True" : "False"}, ${JSON.stringify(e.message)}),`,
      )
      .join("\n");
    return `# Generated from bridge/contract/openrpc.json by \`npm run contract\`. Do not edit.
"""The shapes, methods and errors of the bridge's RPC contract."""

${models.trim().replace(/^from typing import (.*)$/m, "from typing import $1, NamedTuple")}


class Method(NamedTuple):
    """One method: its shapes, how long control waits for the answer, whether it may be repeated,
    and the errors of its own that it may give."""

    params: type[BaseModel]
    result: type[BaseModel]
    timeout_ms: int
    idempotent: bool
    errors: tuple[str, ...]


class ContractError(NamedTuple):
    """One row of the contract's error table."""

    code: int
    name: str
    http_status: int
    retryable: bool
    message: str


METHODS: dict[str, Method] = {
${methods}
}

ERRORS: tuple[ContractError, ...] = (
${errorRows}
)

CONTRACT_HASH = "${hash}"

MAX_LINE_BYTES = ${contract["x-max-line-bytes"]}
`;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function markdown() {
  const shape = (name) => {
    const s = schemas[name];
    const link = (p) => (p.$ref ? `[${refName(p)}](#${refName(p).toLowerCase()})` : p.type === "array" ? `list of ${link(p.items)}` : p.const !== undefined ? `\`"${p.const}"\`` : p.type);
    const lines = [`### ${name}`, "", s.description ?? "", ""];
    if (s.enum) lines.push(`One of: ${s.enum.map((v) => `\`${v}\``).join(", ")}.`, "");
    if (s.pattern) lines.push(`Pattern: \`${s.pattern.replaceAll("|", "\\|")}\``, "");
    if (s.oneOf) lines.push(`One of: ${s.oneOf.map(link).join(", ")}.`, "");
    if (s.properties && Object.keys(s.properties).length > 0) {
      lines.push("| field | type | required | meaning |", "|---|---|---|---|");
      for (const [field, p] of Object.entries(s.properties)) {
        const meaning = p.description ?? (p.$ref ? (schemas[refName(p)].description ?? "") : "");
        lines.push(`| \`${field}\` | ${link(p)} | ${(s.required ?? []).includes(field) ? "yes" : "no"} | ${meaning} |`);
      }
      lines.push("");
    }
    return lines.join("\n");
  };
  return `<!-- Generated from bridge/contract/openrpc.json by \`npm run contract\`. Do not edit. -->
# The RPC contract between bridge and control

${contract.info.description}

Longest line: ${contract["x-max-line-bytes"]} bytes.

## Methods

| method | takes | answers | its errors | timeout |
|---|---|---|---|---|
${contract.methods.map((m) => `| \`${m.name}\` | [${m["x-params-name"]}](#${m["x-params-name"].toLowerCase()}) | [${m.result.name}](#${m.result.name.toLowerCase()}) | ${m.errors.map((e) => `\`${refName(e)}\``).join(", ")} | ${m["x-timeout-ms"]} ms |`).join("\n")}

${contract.methods.map((m) => `- **\`${m.name}\`**: ${m.summary}`).join("\n")}

## Errors

| code | name | HTTP status | retryable | sentence |
|---|---|---|---|---|
${errors.map((e) => `| ${e.code} | \`${e.name}\` | ${e["x-http-status"]} | ${e["x-retryable"] ? "yes" : "no"} | ${e.message}${e["x-data"] ? ` Data: ${Object.entries(e["x-data"]).map(([k, v]) => `\`${k}\` (${v})`).join(", ")}.` : ""} |`).join("\n")}

## Shapes

${Object.keys(schemas).map(shape).join("\n").trim()}
`;
}

/** The types of the events customers receive, for their TypeScript: from the schema scripts/docs writes. */
async function eventTypes() {
  const schema = JSON.parse(readFileSync(join(root, "docs/schemas/events.schema.json"), "utf8"));
  const names = schema.anyOf.map((event) => refName(event)).join("\n  | ");
  const types = await compile({ title: "EventShapes", type: "object", properties: Object.fromEntries(Object.keys(schema.$defs).map((name) => [name, { $ref: `#/$defs/${name}` }])), $defs: schema.$defs }, "EventShapes", {
    bannerComment: "",
    additionalProperties: false,
    unreachableDefinitions: true,
    format: true,
  }).then((text) => text.replaceAll(/ \*\n \* This interface was referenced by `EventShapes`'s JSON-Schema\n \* via the `definition` "\w+"\.\n/g, "").replace(/export interface EventShapes \{[\s\S]*?\n\}\n/, ""));
  return `// Generated from docs/schemas/events.schema.json by \`npm run contract\`. Do not edit.

${types.trim()}

/** Any event: decide by \`event\`. */
export type Event =
  | ${names};
`;
}

const outputs = {
  "bridge/src/rpc/contract.gen.ts": await typescript(),
  "control/rpc/contract_gen.py": python(),
  "docs/rpc.md": markdown(),
  "docs/schemas/events.d.ts": await eventTypes(),
};
const stale = [];
for (const [file, text] of Object.entries(outputs)) {
  const path = join(root, file);
  if (existsSync(path) && readFileSync(path, "utf8") === text) continue;
  stale.push(file);
  if (!process.argv.includes("--check")) writeFileSync(path, text);
}
if (process.argv.includes("--check") && stale.length > 0) {
  process.stderr.write(`stale, run \`npm run contract\`: ${stale.join(", ")}\n`);
  process.exit(1);
}
process.stdout.write(stale.length > 0 ? `wrote ${stale.join(", ")}\n` : "the generated files are fresh\n");
