/** One writer at a time within the process: SQLite has one write lock, and waiting for it inside SQLite would block the event loop. */
import { MessageChannel, type MessagePort } from "node:worker_threads";

export interface WriteLock {
  /** Runs `work` when every earlier holder has finished, in the order of asking. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /**
   * How many wait, as one number that all threads share: a thread that holds the lock for several transactions goes on only
   * while it is 0, without asking a thread that may be busy.
   */
  readonly waiting: Int32Array<SharedArrayBuffer>;
}

export function createWriteLock(): WriteLock {
  const waiting = new Int32Array(new SharedArrayBuffer(4));
  let last: Promise<unknown> = Promise.resolve();
  return {
    waiting,
    run(work) {
      Atomics.add(waiting, 0, 1);
      const mine = last.then(() => {
        Atomics.sub(waiting, 0, 1);
        return work();
      });
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

/** What a borrower says; the lender answers a wish with its number alone, once it is granted. */
type LockMessage = { wants: number } | { returns: number };

/** What a borrower in another thread is handed; its port is transferred. */
export interface LentLock extends Pick<WriteLock, "waiting"> {
  port: MessagePort;
}

/**
 * Lets another thread of the process wait for the lock as this one does. What a thread held when it died is free again once it
 * is taken back.
 */
export function lendLock(lock: WriteLock): { lent: LentLock; takeBack(): void } {
  const { port1: port, port2: borrower } = new MessageChannel();
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
  return { lent: { port: borrower, waiting: lock.waiting }, takeBack: () => port.close() };
}

/** The lock that another thread lends. */
export function borrowLock({ port, waiting }: LentLock): WriteLock {
  const wishes = new Map<number, () => void>();
  let lastWish = 0;

  port.on("message", (wish: number) => {
    wishes.get(wish)?.();
    wishes.delete(wish);
  });
  return {
    waiting,
    async run(work) {
      lastWish += 1;
      const wish = lastWish;
      const { promise, resolve } = Promise.withResolvers<void>();
      wishes.set(wish, resolve);
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
