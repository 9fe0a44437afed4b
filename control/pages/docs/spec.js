// The OpenAPI document, as the page asks it: references followed, operations found, examples chosen.

export const JSON_TYPE = "application/json";
export const FORM_TYPE = "multipart/form-data";

export class Spec {
  constructor(document) {
    this.document = document;
    /** @type {{id: string, method: string, path: string, said: any}[]} */
    this.operations = [];
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, said] of Object.entries(methods)) {
        this.operations.push({ id: said.operationId, method: method.toUpperCase(), path, said });
      }
    }
  }

  /** What a `$ref` stands for; everything else as it is. */
  resolve(part) {
    if (part?.$ref === undefined) return part;
    const found = part.$ref
      .slice(2)
      .split("/")
      .reduce((inside, step) => inside?.[step.replaceAll("~1", "/").replaceAll("~0", "~")], this.document);
    // What stands beside a reference is said in addition.
    const whole = { ...this.resolve(found), ...part };
    delete whole.$ref;
    return whole;
  }

  nameOf(part) {
    return part?.$ref?.split("/").at(-1);
  }

  find(id) {
    return this.operations.find((operation) => operation.id === id);
  }

  /** Operations by chapter, those that hold every word of `wish` only. */
  chapters(wish = "") {
    const words = wish.toLowerCase().split(/\s+/).filter(Boolean);
    return this.document.tags
      .map((tag) => ({
        ...tag,
        operations: this.operations.filter(({ id, method, path, said }) => {
          const text = `${id} ${method} ${path} ${said.summary} ${said.description} ${tag.name}`.toLowerCase();
          return said.tags[0] === tag.name && words.every((word) => text.includes(word));
        }),
      }))
      .filter((tag) => tag.operations.length > 0);
  }

  /** Named values of a request's or an answer's content. */
  examples(content) {
    return Object.entries(content?.examples ?? {}).map(([name, example]) => [name, this.resolve(example).value]);
  }

  /** Errors of an operation, one entry a code. */
  errors(said) {
    return Object.entries(said.responses).flatMap(([status, response]) => {
      const content = this.resolve(response).content?.["application/problem+json"];
      const codes = content?.schema.allOf[1].properties.code.enum ?? [];
      return codes.map((code) => ({ status, code, problem: this.resolve(content.examples[code]).value }));
    });
  }
}
