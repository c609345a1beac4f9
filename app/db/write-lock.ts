/** One writer at a time within the process: SQLite has one write lock, and waiting for it inside SQLite would block the event loop. */
import type { MessagePort } from "node:worker_threads";

export interface WriteLock {
  /** Runs `work` when every earlier holder has finished, in the order of asking. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function createWriteLock(): WriteLock {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(work) {
      const mine = last.then(work);
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

/** What a borrower says; the lender answers a wish with its number alone, once it is granted. */
type LockMessage = { wants: number } | { returns: number };

/** Lets another thread of the process wait for the lock as this one does. What a thread held when it died is free again. */
export function lendLock(lock: WriteLock, port: MessagePort): void {
  const held = new Map<number, () => void>();
  let isOpen = true;

  async function hold(wish: number): Promise<void> {
    if (!isOpen) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    held.set(wish, resolve);
    port.postMessage(wish);
    await promise;
    held.delete(wish);
  }

  port.on("message", (message: LockMessage) => {
    if ("wants" in message) void lock.run(() => hold(message.wants));
    else held.get(message.returns)?.();
  });
  port.on("close", () => {
    isOpen = false;
    for (const release of held.values()) release();
  });
  // Lending alone keeps no process alive.
  port.unref();
}

/** The lock that another thread lends. */
export function borrowLock(port: MessagePort): WriteLock {
  const waiting = new Map<number, () => void>();
  let lastWish = 0;

  port.on("message", (wish: number) => {
    waiting.get(wish)?.();
    waiting.delete(wish);
  });
  return {
    async run(work) {
      lastWish += 1;
      const wish = lastWish;
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.set(wish, resolve);
      port.postMessage({ wants: wish } satisfies LockMessage);
      await promise;
      try {
        return await work();
      } finally {
        port.postMessage({ returns: wish } satisfies LockMessage);
      }
    },
  };
}
