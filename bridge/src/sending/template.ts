/**
 * Fills in `{{name}}` for each recipient of a batch. Names and values, nothing else: no conditions, no functions, and a
 * value that looks like a placeholder stays as it is.
 */
import { BridgeError } from "../errors.js";
import type { BatchRecipient, OutgoingContent } from "../rpc/contract.gen.js";
import { checkContent } from "../rpc/validate.js";

type Variables = NonNullable<BatchRecipient["variables"]>;

const PLACEHOLDER = /\{\{\s*([A-Za-z0-9_]{1,64})\s*\}\}/g;

/** Anything else in double braces is a mistake somebody would send to a thousand people. */
const MISTAKE = /\{\{[^{}]{0,80}\}\}/;

/**
 * The content one recipient gets.
 * @param place what the recipient is called in a refusal, such as `recipients[12]`.
 * @throws BridgeError content_not_possible, whose reason names the variable that is missing or the fault
 */
export function render(content: OutgoingContent, variables: Variables | undefined, place: string): OutgoingContent {
  const values = new Map(Object.entries(variables ?? {}));
  const fill = (text: string): string => {
    if (MISTAKE.test(text.replace(PLACEHOLDER, " "))) throw refusal("something in double braces is not of the form {{name}}");
    return text.replace(PLACEHOLDER, (_, name: string) => {
      const value = values.get(name);
      if (value === undefined) throw refusal(`${place} has no variable "${name}"`);
      return value;
    });
  };
  const filled = fillIn(content, fill);
  const fault = filled === content ? undefined : checkContent(filled);
  if (fault !== undefined) throw refusal(`${place}: with its variables the content is not valid: ${fault}`);
  return filled;
}

function fillIn(content: OutgoingContent, fill: (text: string) => string): OutgoingContent {
  switch (content.type) {
    case "text": {
      const { preview } = content;
      return { ...content, text: fill(content.text), ...(preview === undefined ? {} : { preview: fillPreview(preview, fill) }) };
    }
    case "poll":
      return { ...content, question: fill(content.question) };
    default:
      return "caption" in content ? { ...content, caption: fill(content.caption) } : content;
  }
}

type Preview = NonNullable<Extract<OutgoingContent, { type: "text" }>["preview"]>;

function fillPreview(preview: Preview, fill: (text: string) => string): Preview {
  const { url, title, description } = preview;
  return { ...preview, url: fill(url), title: fill(title), ...(description === undefined ? {} : { description: fill(description) }) };
}

function refusal(reason: string): BridgeError {
  return new BridgeError("content_not_possible", { reason });
}
