/**
 * The lines of a bulk query's result. Without `groupObjects` Shopify promises only that a child comes after its parent; so
 * children are held back until further roots have been written, and those of several parents are mixed, to catch whoever
 * relies on neighbours.
 */
import type { Branch, Projection } from "./projection.ts";

const ROOTS_PER_ROUND = 40;

/** One parent's children of one connection, and how far they were written. */
interface Pending extends Branch {
  parentId: unknown;
  next: number;
}

export interface Written {
  line: string;
  isRoot: boolean;
}

/** All lines in order; lazy, so that the caller decides how fast. */
export function* linesOf(projection: Projection): Generator<Written> {
  let waiting: Pending[] = [];
  for (const { nodes, line } of projection.roots()) {
    for (let from = 0; from < nodes.length; from += ROOTS_PER_ROUND) {
      const fresh: Pending[] = [];
      for (const node of nodes.slice(from, from + ROOTS_PER_ROUND)) {
        const branches: Branch[] = [];
        const out = line(node, branches);
        yield { line: JSON.stringify(out), isRoot: true };
        for (const branch of branches) fresh.push({ ...branch, parentId: out["id"], next: 0 });
      }
      yield* children(waiting);
      waiting = fresh;
    }
  }
  yield* children(waiting);
}

/** One line of each parent in turn until all are written; what hangs on them follows. */
function* children(level: Pending[]): Generator<Written> {
  while (level.length > 0) {
    const below: Pending[] = [];
    let open = level;
    while (open.length > 0) {
      const still: Pending[] = [];
      for (const pending of open) {
        if (pending.next >= pending.nodes.length) continue;
        const branches: Branch[] = [];
        const out = pending.line(pending.nodes[pending.next], branches);
        pending.next += 1;
        out["__parentId"] = pending.parentId;
        yield { line: JSON.stringify(out), isRoot: false };
        for (const branch of branches) below.push({ ...branch, parentId: out["id"], next: 0 });
        still.push(pending);
      }
      open = still;
    }
    level = below;
  }
}
