import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { makeLogger } from "../../../bridge/src/log.js";
import { LogLevels } from "../../../bridge/src/log-levels.js";
import { LogLines } from "../../../bridge/src/log-lines.js";
import { waitFor } from "../support/wait.js";

describe("levels of the log", () => {
  const lines: string[] = [];
  const desk = { levels: new LogLevels("info"), lines: new LogLines() };
  const log = makeLogger("info", { write: (line) => lines.push(line) }, desk);
  const said = (): string[] => lines.splice(0).map((line) => (JSON.parse(line) as { msg: string }).msg);
  const sayAll = (): string[] => {
    log.debug("whole debug");
    log.debug({ tenantId: "a" }, "debug of a");
    log.info({ tenantId: "b" }, "info of b");
    log.warn("whole warning");
    return said();
  };

  it("differ by tenant, in both directions", () => {
    assert.deepEqual(sayAll(), ["info of b", "whole warning"]);
    desk.levels.setTenant("a", "debug", 60_000);
    assert.deepEqual(sayAll(), ["debug of a", "info of b", "whole warning"]);
    desk.levels.setTenant("b", "silent", 60_000);
    assert.deepEqual(sayAll(), ["debug of a", "whole warning"]);
    desk.levels.resetAll();
    assert.deepEqual(sayAll(), ["info of b", "whole warning"]);
    assert.equal(log.level, "info");
  });

  it("go back by themselves, and what hung on them ends", async () => {
    let ended = 0;
    desk.levels.set("debug", 15);
    desk.levels.setTenant("a", "trace", 15, () => (ended += 1));
    assert.ok(sayAll().includes("whole debug"));
    await waitFor("both to be over", () => ended === 1 && desk.levels.current === "info");
    assert.equal(log.level, "info");
    assert.deepEqual(sayAll(), ["info of b", "whole warning"]);
  });

  it("can be changed for sixteen tenants at a time", () => {
    for (let index = 0; index < 16; index += 1) assert.ok(desk.levels.setTenant(`t${index}`, "debug", 60_000));
    assert.equal(desk.levels.setTenant("one more", "debug", 60_000), false);
    assert.equal(desk.levels.setTenant("t3", "trace", 60_000), true);
    desk.levels.resetAll();
  });

  it("leave the last lines, masked as they were logged", () => {
    log.info({ tenantId: "tenant12345", phone: "+5511910000001" }, "something");
    const last = desk.lines.last().at(-1) ?? "";
    assert.match(last, /tenant123\*\*\*.*\+5511\*\*\*/);
    for (let index = 0; index < 3000; index += 1) desk.lines.push("x\n");
    assert.equal(desk.lines.last().length, 500);
  });
});
