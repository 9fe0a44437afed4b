/**
 * Checks what crosses the socket against the contract, in both directions: parameters before a method sees
 * them, results and events before a caller does. No value is converted: "5" is not 5.
 */
import { Ajv, type ValidateFunction } from "ajv";
import contract from "../../contract/openrpc.json" with { type: "json" };
import { BridgeError } from "../errors.js";
import { METHOD_NAMES, type EventData, type MethodName, type Methods } from "./contract.gen.js";

export { contract };

const ROOT = "bridge-contract";

interface Parameter {
  name: string;
  required: boolean;
  schema: object;
}

const ajv = new Ajv({ strict: false, allErrors: false });
ajv.addSchema({ $id: ROOT, components: contract.components, $defs: definitions() });

/** Inside this schema the contract's own `#/components/…` references keep their meaning. */
function definitions(): Record<string, object> {
  const defs: Record<string, object> = {};
  for (const method of contract.methods) {
    const params = method.params as Parameter[];
    defs[`${method.name}.params`] = {
      type: "object",
      additionalProperties: false,
      required: params.filter((param) => param.required).map((param) => param.name),
      properties: Object.fromEntries(params.map((param) => [param.name, param.schema])),
    };
    defs[`${method.name}.result`] = method.result.schema;
  }
  return defs;
}

function compile(pointer: string): ValidateFunction {
  return ajv.compile({ $ref: `${ROOT}#${pointer}` });
}

function compileAll(side: "params" | "result"): Map<string, ValidateFunction> {
  return new Map(METHOD_NAMES.map((name) => [name, compile(`/$defs/${name}.${side}`)]));
}

const paramsOf = compileAll("params");
const resultOf = compileAll("result");
const eventData = compile("/components/schemas/EventData");
const content = compile("/components/schemas/OutgoingContent");
const event = compile("/components/schemas/Event");

/** Where the first fault is, in words without the value itself. */
function faultOf(validate: ValidateFunction): string {
  const fault = validate.errors?.at(-1);
  if (fault === undefined) return "does not match";
  const extra = (fault.params as { additionalProperty?: string }).additionalProperty;
  return `${fault.instancePath || "/"} ${fault.message ?? "does not match"}${extra === undefined ? "" : ` (${extra.slice(0, 64)})`}`;
}

/**
 * Parameters as the method takes them.
 * @throws BridgeError invalid_params, with the place of the first fault in `fault`.
 */
export function checkParams<M extends MethodName>(method: M, params: unknown): Methods[M]["params"] {
  const validate = paramsOf.get(method);
  if (validate === undefined) throw new BridgeError("method_not_found");
  if (!validate(params)) throw new BridgeError("invalid_params", { fault: faultOf(validate) });
  return params as Methods[M]["params"];
}

/** A method's result, checked. @throws Error when our own code answered something the contract does not know. */
export function checkResult<M extends MethodName>(method: M, result: unknown): Methods[M]["result"] {
  const validate = resultOf.get(method);
  if (validate?.(result) !== true) throw new Error(`the result of ${method} does not match the contract: ${validate === undefined ? "" : faultOf(validate)}`);
  return result as Methods[M]["result"];
}

/** Where the first fault of a message's content is; undefined when it has none. */
export function checkContent(value: unknown): string | undefined {
  return content(value) ? undefined : faultOf(content);
}

/** What an event says, checked before it is recorded. @throws Error when it does not match the contract. */
export function checkEventData(data: EventData): EventData {
  if (!eventData(data)) throw new Error(`the data of an event does not match the contract: ${faultOf(eventData)}`);
  return data;
}

/** True when a value is a whole event of the contract. */
export function isEvent(value: unknown): boolean {
  return event(value);
}

/** How long a caller waits for a method, in milliseconds: the contract's x-timeout-ms. */
export function timeoutOf(method: MethodName): number {
  const found = contract.methods.find((candidate) => candidate.name === method);
  if (found === undefined) throw new Error(`the contract has no method ${method}`);
  return found["x-timeout-ms"];
}
