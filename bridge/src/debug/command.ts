/** What a command of the debug socket is, and how a line becomes a call of one. */

/** What a command answers: the same for a person and for a program. */
export interface Answer {
  text: string;
  json: unknown;
}

/** One call of a command. */
export interface Call {
  readonly args: readonly string[];
  /** A flag's value; "" for one that has none; undefined when it was not given. */
  flag(name: string): string | undefined;
  /** Shows something before the command has ended: what is watched live. */
  show(answer: Answer): void;
  /** Aborted when the caller wants no more or is gone. */
  readonly stopped: AbortSignal;
}

export interface Command {
  readonly name: string;
  /** What follows the name, such as `<tenant> [--unredacted]`. */
  readonly usage: string;
  /** One sentence. */
  readonly says: string;
  /** Changes something or writes a file: refused without `--write`. */
  readonly changes: boolean;
  /** Shows things until its caller has enough. */
  readonly live?: true;
  readonly args: { readonly min: number; readonly max: number };
  readonly flags: Readonly<Record<string, "switch" | "value">>;
  run(call: Call): Answer | Promise<Answer>;
}

/** A command is not done; its message is a sentence for the operator. */
export class Refused extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = "Refused";
  }
}

/** A line taken apart. */
export interface Parsed {
  command: Command;
  args: readonly string[];
  flags: ReadonlyMap<string, string>;
  json: boolean;
}

/** What was typed, without what a terminal obeys. */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, 60);
}

/** @throws Refused when this is no command, or not used like this. */
export function parseLine(line: string, commands: ReadonlyMap<string, Command>): Parsed {
  const [name = "", ...words] = line.split(" ").filter((word) => word !== "");
  const command = commands.get(name);
  if (command === undefined) throw new Refused(`There is no command ${printable(name)}. Try: help`);
  const args: string[] = [];
  const flags = new Map<string, string>();
  const kinds: Readonly<Record<string, "switch" | "value">> = { json: "switch", write: "switch", ...command.flags };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (!word.startsWith("--")) {
      args.push(word);
      continue;
    }
    const [flag = "", ...rest] = word.slice(2).split("=");
    const kind = Object.hasOwn(kinds, flag) ? kinds[flag] : undefined;
    if (kind === undefined) throw new Refused(`${name} has no flag --${printable(flag)}. It is used like this: ${usageOf(command)}`);
    if (kind === "switch") flags.set(flag, "");
    else flags.set(flag, rest.length > 0 ? rest.join("=") : (words[(at += 1)] ?? ""));
  }
  if (args.length < command.args.min || args.length > command.args.max) throw new Refused(`It is used like this: ${usageOf(command)}`);
  if (command.changes && !flags.has("write")) throw new Refused(`${name} changes something: add --write`);
  return { command, args, flags, json: flags.has("json") };
}

/** How a command is written. */
export function usageOf({ name, usage, changes }: Command): string {
  return [name, usage, changes ? "--write" : ""].filter((part) => part !== "").join(" ");
}

/** A whole number given to a flag. @throws Refused */
export function wholeNumber(call: Call, flag: string, fallback: number, min: number, max: number): number {
  const given = call.flag(flag);
  if (given === undefined) return fallback;
  const value = Number(given);
  if (!/^\d{1,9}$/.test(given) || value < min || value > max) throw new Refused(`--${flag} is a whole number from ${min} to ${max}.`);
  return value;
}
