import { FORGERIES } from "../wire/certificate.js";
import { digitsOf } from "../world/directory.js";
import { CAPPING_STATUSES, LINK_FAULTS, RULE_FAULTS, type FaultKind, type FaultRequest, type Faults } from "../world/faults.js";
import type { Logins } from "../service/login.js";
import { strike } from "../service/strike.js";
import { AdminError, type AdminRouter, type Fields } from "./http.js";

const KINDS: readonly FaultKind[] = [...LINK_FAULTS, ...RULE_FAULTS];

/** Making things go wrong. A link fault without `on` strikes at once and is over; everything else stays in force. */
export function faultRoutes(router: AdminRouter, faults: Faults, logins: Logins): void {
  router.add("GET", "/faults", () => ({ faults: faults.list() }));

  router.add("POST", "/faults", async ({ body }) => {
    const request = read(await body());
    if ((LINK_FAULTS as readonly string[]).includes(request.kind) && (request.on ?? "now") === "now") {
      const connections = logins.connections(request.number).slice(0, request.count);
      for (const connection of connections) strike(connection, { ...request, id: 0, used: 0, since: Date.now() });
      return { struck: connections.length };
    }
    try {
      return faults.add(request);
    } catch (err) {
      throw new AdminError(409, "too_many_faults", err instanceof Error ? err.message : "too many faults");
    }
  });

  router.add("DELETE", "/faults", () => {
    faults.clear();
    return {};
  });

  router.add("DELETE", "/faults/:id", ({ params }) => {
    if (!faults.remove(Number(params["id"]))) throw new AdminError(404, "fault_absent", "there is no such fault");
    return {};
  });
}

function read(fields: Fields): FaultRequest {
  const kind = fields.oneOf("kind", KINDS);
  if (!kind) throw new AdminError(422, "field_missing", `"kind" is missing; it is one of ${KINDS.join(", ")}`);
  const given = fields.text("number");
  const number = given === undefined ? undefined : digitsOf(given);
  if (given !== undefined && number === undefined) throw new AdminError(422, "number_invalid", "the number is no phone number");
  const link = (LINK_FAULTS as readonly string[]).includes(kind);
  const on = fields.oneOf("on", ["now", "login", "message"]);
  if (on !== undefined && !link) throw new AdminError(422, "field_invalid", `"on" does not apply to ${kind}`);
  const to = fields.text("to");
  return {
    kind, number, on,
    to: to?.includes("@") ? to : to && (digitsOf(to) ?? to),
    // A link fault that waits for its moment strikes once, unless told otherwise.
    count: fields.number("count") ?? (link && on !== undefined && on !== "now" && fields.number("forMs") === undefined ? 1 : undefined),
    forMs: fields.number("forMs"),
    skip: fields.number("skip"),
    newChats: fields.flag("newChats"),
    deliver: fields.flag("deliver"),
    xmlns: fields.text("xmlns"),
    quota: fields.number("quota"),
    spent: fields.number("spent"),
    status: fields.oneOf("status", CAPPING_STATUSES),
    code: fields.number("code"),
    ms: fields.number("ms"),
    tag: fields.text("tag"),
    forgery: fields.oneOf("forgery", FORGERIES),
    frame: fields.oneOf("frame", ["node", "cipher"]),
  };
}
