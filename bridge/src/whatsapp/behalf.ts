/**
 * On whose behalf code runs is kept by the asynchronous context (link.ts), and whatever is made in a context holds it: a
 * connection that was opened because another one ended would keep that one in memory for as long as it lives itself,
 * with all of its keys and caches, and so on from one to the next.
 */
import { AsyncLocalStorage } from "node:async_hooks";

/** Runs work on nobody's behalf: what it makes remembers nothing of who asked for it. */
export const onNobodysBehalf: <T>(work: () => T) => T = AsyncLocalStorage.snapshot();
