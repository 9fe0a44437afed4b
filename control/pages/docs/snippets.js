// The same request in curl, TypeScript and Python, each ready to run. The key never stands in them.

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

/** @typedef {{method: string, url: string, keyed: boolean, headers: Record<string, string>, json?: string, form?: [string, string][]}} Request */

/** @param {Request} request */
export function curl({ method, url, keyed, headers, json, form }) {
  const lines = [`curl -s -X ${method} ${quoted(url)}`];
  if (keyed) lines.push(`-H "Authorization: Bearer $KEY"`);
  for (const [name, value] of Object.entries(headers)) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (json !== undefined) lines.push("-H 'Content-Type: application/json'", `-d ${quoted(json)}`);
  for (const [name, value] of form ?? []) lines.push(`-F ${quoted(`${name}=${value}`)}`);
  return lines.join(" \\\n  ");
}

/** @param {Request} request */
export function typescript({ method, url, keyed, headers, json, form }) {
  const all = Object.entries(headers).map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)},`);
  if (keyed) all.unshift("    Authorization: `Bearer ${process.env.KEY}`,");
  if (json !== undefined) all.push('    "Content-Type": "application/json",');
  const lines = [];
  if (form) {
    lines.push('import { openAsBlob } from "node:fs";', "", "const form = new FormData();");
    for (const [name, value] of form) {
      const file = value.startsWith("@") ? JSON.stringify(value.slice(1)) : undefined;
      lines.push(`form.set(${JSON.stringify(name)}, ${file ? `await openAsBlob(${file}), ${file}` : JSON.stringify(value)});`);
    }
    lines.push("");
  }
  lines.push(`const response = await fetch(${JSON.stringify(url)}, {`, `  method: ${JSON.stringify(method)},`);
  if (all.length > 0) lines.push("  headers: {", ...all, "  },");
  if (json !== undefined) lines.push(`  body: JSON.stringify(${indented(json, "  ")}),`);
  if (form) lines.push("  body: form,");
  lines.push("});", "const answer = await response.json();", "if (!response.ok) throw new Error(`${answer.code}: ${answer.detail}`);", "console.log(answer);");
  return lines.join("\n");
}

/** @param {Request} request */
export function python({ method, url, keyed, headers, json, form }) {
  const all = Object.entries(headers).map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)},`);
  if (keyed) all.unshift('    "Authorization": f"Bearer {os.environ[\'KEY\']}",');
  const lines = [...(keyed ? ["import os", ""] : []), "import requests", "", `response = requests.request(`, `    ${JSON.stringify(method)},`, `    ${JSON.stringify(url)},`];
  if (all.length > 0) lines.push("    headers={", ...all.map((line) => `    ${line}`), "    },");
  if (json !== undefined) lines.push(`    json=${indented(literal(json), "    ")},`);
  const files = (form ?? []).filter(([, value]) => value.startsWith("@"));
  const plain = (form ?? []).filter(([, value]) => !value.startsWith("@"));
  if (plain.length > 0) lines.push(`    data={${plain.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(", ")}},`);
  if (files.length > 0) lines.push(`    files={${files.map(([name, value]) => `${JSON.stringify(name)}: open(${JSON.stringify(value.slice(1))}, "rb")`).join(", ")}},`);
  lines.push("    timeout=60,", ")", "answer = response.json()", "if not response.ok:", '    raise RuntimeError(f"{answer[\'code\']}: {answer[\'detail\']}")', "print(answer)");
  return lines.join("\n");
}

function indented(text, by) {
  return pretty(text).replaceAll("\n", `\n${by}`);
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text; // Python's literals, and what somebody is still typing.
  }
}

/** JSON as Python writes it. Words within texts stay as they are. */
function literal(json) {
  return pretty(json).replace(/"(?:[^"\\]|\\.)*"|\b(true|false|null)\b/g, (whole, word) =>
    word === undefined ? whole : { true: "True", false: "False", null: "None" }[word],
  );
}
