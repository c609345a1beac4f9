/** The writes of one open database, so that it closes after the last of them and takes none later. */
export interface WritesUnderWay {
  run<T>(write: () => Promise<T>): Promise<T>;
  /** Refuses further writes and waits for those that have begun, whatever becomes of them. */
  end(): Promise<void>;
}

/**
 * Prisma cancels the transactions that it knows of when it disconnects; one that was only just beginning would keep its
 * connection for ever, and the pool would wait for it as long.
 */
export function writesUnderWay(): WritesUnderWay {
  const running = new Set<Promise<unknown>>();
  let isOver = false;
  return {
    async run(write) {
      if (isOver) throw new Error("the database is closed: it takes no more writes");
      const written = write();
      running.add(written);
      try {
        return await written;
      } finally {
        running.delete(written);
      }
    },
    async end() {
      isOver = true;
      await Promise.allSettled(running);
    },
  };
}
