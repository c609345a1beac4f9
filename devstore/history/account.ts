/** The account of an import: every record of the file was taken or skipped for one reason, and the sum proves it. */
export interface ImportAccount {
  /** Records after the header. */
  read: number;
  taken: number;
  /** Most frequent first. */
  skipped: { reason: string; count: number }[];
}

export interface AccountKeeper {
  read(): void;
  take(): void;
  skip(reason: string): void;
  /** Throws where the parts do not add up: that is a bug of the importer. */
  close(): ImportAccount;
}

/** Why a record cannot hold what stands at `lastPosition`; `null`: it can. */
export function recordFault(record: readonly string[], lastPosition: number): string | null {
  if (record.length === 1 && record[0]?.trim() === "") return "empty line";
  return record.length <= lastPosition ? "columns missing" : null;
}

export function keepAccount(): AccountKeeper {
  let read = 0;
  let taken = 0;
  const skipped = new Map<string, number>();
  return {
    read: () => void (read += 1),
    take: () => void (taken += 1),
    skip: (reason) => void skipped.set(reason, (skipped.get(reason) ?? 0) + 1),
    close: () => {
      const rows = [...skipped].map(([reason, count]) => ({ reason, count }));
      const sum = rows.reduce((total, { count }) => total + count, taken);
      if (sum !== read) throw new Error(`${read} lines were read and ${sum} accounted for`);
      return { read, taken, skipped: rows.sort((a, b) => b.count - a.count) };
    },
  };
}
