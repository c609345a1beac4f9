/** A database whose process dies, as far as a service can tell, right after one of its commits. */
import type { Database } from "../../app/db/types.ts";

export function breakingAfter(db: Database, commits: number): Database {
  let left = commits;
  return {
    ...db,
    async write(work) {
      const result = await db.write(work);
      left -= 1;
      if (left === 0) throw new Error("the power went");
      return result;
    },
  };
}
