/**
 * Lets work that outlives a transaction of Baileys' key store write for real. Such a transaction is found by the
 * asynchronous context and stays there for whatever was started inside it and not waited for: what that writes after
 * the commit goes into a buffer nobody looks at again. So rc14 forgets after each message that it gave the contact a
 * privacy token, and asks WhatsApp again with the next one. Here a transaction that has ended is no longer found.
 * Import it before Baileys, which makes its storages from the class it finds in node:async_hooks.
 */
import asyncHooks from "node:async_hooks";
import { syncBuiltinESMExports } from "node:module";

const { AsyncLocalStorage } = asyncHooks;

/** What Baileys keeps for the time of a transaction (Utils/auth-utils.js, addTransactionCapability). */
interface Transaction {
  cache: object;
  mutations: object;
  dbQueries: number;
}

function isTransaction(value: unknown): value is Transaction {
  return typeof value === "object" && value !== null && "mutations" in value && "dbQueries" in value;
}

const ended = new WeakSet<object>();

class TransactionStorage<T> extends AsyncLocalStorage<T> {
  override getStore(): T | undefined {
    const store = super.getStore();
    return isTransaction(store) && ended.has(store) ? undefined : store;
  }

  override run<R, A extends unknown[]>(store: T, work: (...args: A) => R, ...args: A): R {
    const result = super.run(store, work, ...args);
    if (isTransaction(store) && result instanceof Promise) {
      const end = (): void => {
        ended.add(store);
      };
      // Ahead of Baileys, which commits what is in the buffer when the work is done.
      result.then(end, end);
    }
    return result;
  }
}

Object.defineProperty(asyncHooks, "AsyncLocalStorage", { value: TransactionStorage, configurable: true, enumerable: true });
syncBuiltinESMExports();
