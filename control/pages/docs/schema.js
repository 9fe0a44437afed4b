// Shows a JSON Schema as a list of fields that opens where a field has fields of its own.

import { el, inline } from "./dom.js";

const DEEPEST = 8;

/** The type in a few words: `string or null`, `list of SendText`, `one of a, b`. */
export function typeOf(spec, schema) {
  if (schema === undefined || schema === true) return "anything";
  const name = spec.nameOf(schema);
  const said = spec.resolve(schema);
  if (said.const !== undefined) return JSON.stringify(said.const);
  if (said.enum) return `one of ${said.enum.map((value) => JSON.stringify(value)).join(", ")}`;
  const several = said.oneOf ?? said.anyOf;
  if (several) return name ?? [...new Set(several.map((one) => typeOf(spec, one)))].join(" or ");
  const types = [said.type ?? "anything"].flat();
  return types.map((type) => words(spec, said, type, name)).join(" or ");
}

function words(spec, said, type, name) {
  if (type === "array") return `list of ${typeOf(spec, said.items)}`;
  if (type === "object") {
    if (name) return name;
    return said.additionalProperties && !said.properties ? `map to ${typeOf(spec, said.additionalProperties)}` : "object";
  }
  return said.format ? `${type} (${said.format})` : type;
}

function bounds(said) {
  const parts = [];
  if (said.minLength !== undefined || said.maxLength !== undefined) {
    parts.push(`${said.minLength ?? 0} to ${said.maxLength ?? "any number of"} characters`);
  }
  if (said.minimum !== undefined || said.maximum !== undefined) parts.push(`${said.minimum ?? "…"} to ${said.maximum ?? "…"}`);
  if (said.minItems !== undefined || said.maxItems !== undefined) parts.push(`${said.minItems ?? 0} to ${said.maxItems ?? "…"} entries`);
  if (said.pattern) parts.push(said.pattern);
  if (said.default !== undefined) parts.push(`default ${JSON.stringify(said.default)}`);
  return parts.join(" · ");
}

/** The shapes a schema has fields by: itself, what it lists, or one of several. */
function inner(spec, schema) {
  const said = spec.resolve(schema ?? {});
  if (said.properties) return [schema];
  if (said.items) return inner(spec, said.items);
  if (typeof said.additionalProperties === "object") return inner(spec, said.additionalProperties);
  return (said.oneOf ?? said.anyOf ?? []).flatMap((one) => inner(spec, one));
}

/** All fields of a schema. @returns {Node} */
export function schemaView(spec, schema, depth = 0) {
  const shapes = inner(spec, schema);
  const kind = spec.resolve(schema)?.discriminator?.propertyName;
  if (shapes.length === 0 || depth > DEEPEST) return el("p", { class: "soft" }, typeOf(spec, schema));
  if (shapes.length === 1) return fields(spec, shapes[0], depth);
  return el(
    "div",
    {},
    ...shapes.map((shape) => {
      const value = spec.resolve(spec.resolve(shape).properties?.[kind] ?? {});
      const title = value.const ?? value.enum?.join(", ") ?? spec.nameOf(shape) ?? "object";
      return lazily(el("summary", {}, el("code", {}, `${kind ? `${kind}: ` : ""}${title}`)), () => fields(spec, shape, depth + 1));
    }),
  );
}

function fields(spec, schema, depth) {
  const said = spec.resolve(schema);
  const required = new Set(said.required ?? []);
  const rows = Object.entries(said.properties ?? {}).map(([name, field]) => {
    const resolved = spec.resolve(field);
    const limits = bounds(resolved);
    return el(
      "li",
      {},
      el("code", { class: "name" }, name),
      el("span", { class: "type" }, typeOf(spec, field)),
      required.has(name) && el("span", { class: "must" }, "required"),
      el("div", {}, ...inline(resolved.description)),
      limits && el("div", { class: "soft small mono" }, limits),
      inner(spec, field).length > 0 && lazily(el("summary", {}, "its fields"), () => schemaView(spec, field, depth + 1)),
    );
  });
  return el("ul", { class: "fields" }, ...rows);
}

function lazily(summary, make) {
  const made = el("details", {}, summary);
  made.addEventListener("toggle", () => made.children.length === 1 && made.append(make()), { once: true });
  return made;
}
