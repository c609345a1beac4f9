/** One writer at a time within the process: SQLite has one write lock, and waiting for it inside SQLite would block the event loop. */
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
