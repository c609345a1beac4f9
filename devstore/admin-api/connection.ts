/** Connections: pages by cursor over a list that is at hand, or over a shop's whole collection by filter and sort key. */
import { badRequest } from "./errors.ts";
import type { Arguments } from "./context.ts";

export const MAX_PAGE = 250;

interface Page {
  nodes: unknown[];
  edges: { node: unknown; cursor: string }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

/** A connection before anything of it is asked: a page for the ordinary executor, everything for bulk. */
export interface Connection {
  page: () => Page;
  all: () => readonly unknown[];
}

interface Range {
  count: number;
  backwards: boolean;
  after: string | null;
  before: string | null;
}

function rangeOf(args: Arguments): Range {
  const first = args["first"] as number | null | undefined;
  const last = args["last"] as number | null | undefined;
  const count = first ?? last;
  if (count === null || count === undefined) throw badRequest("you must provide one of first or last");
  if (typeof first === "number" && typeof last === "number") {
    throw badRequest("providing both first and last is not supported");
  }
  if (count < 0) throw badRequest(`${first === count ? "first" : "last"} must be positive`);
  return {
    count,
    backwards: typeof first !== "number",
    after: (args["after"] as string | null | undefined) ?? null,
    before: (args["before"] as string | null | undefined) ?? null,
  };
}

function toPage(nodes: unknown[], cursors: string[], hasPreviousPage: boolean, hasNextPage: boolean): Page {
  return {
    nodes,
    edges: nodes.map((node, index) => ({ node, cursor: cursors[index] ?? "" })),
    pageInfo: {
      hasNextPage,
      hasPreviousPage,
      startCursor: cursors[0] ?? null,
      endCursor: cursors.at(-1) ?? null,
    },
  };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decode(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    throw badRequest(`Invalid cursor for current pagination sort.`);
  }
}

/** A connection over a short list that belongs to its parent; cursors are places in the list. */
export function listConnection(list: readonly unknown[], args: Arguments): Connection {
  const ordered = () => (args["reverse"] === true ? list.toReversed() : list);
  return { all: ordered, page: () => listPage(ordered(), rangeOf(args)) };
}

function listPage(list: readonly unknown[], range: Range): Page {
  const place = (cursor: string) => {
    const value = decode(cursor);
    if (typeof value !== "number") throw badRequest("Invalid cursor for current pagination sort.");
    return value;
  };
  const low = range.after === null ? 0 : place(range.after) + 1;
  const high = range.before === null ? list.length : place(range.before);
  const from = range.backwards ? Math.max(low, high - range.count) : low;
  const until = range.backwards ? high : Math.min(high, low + range.count);
  const cursors = [];
  for (let index = from; index < until; index += 1) cursors.push(encode(index));
  return toPage(list.slice(from, until), cursors, from > 0, until < list.length);
}

export type SortValue = number | string;

export interface Collection<T> {
  items: Iterable<T>;
  matches: (item: T) => boolean;
  /** Sorted by this and, where equal, by id. */
  sortValue: (item: T) => SortValue;
  id: (item: T) => number;
  /** The resolver's source object of an item. */
  source: (item: T) => unknown;
}

interface Position {
  value: SortValue;
  id: number;
}

function compare(a: Position, b: Position): number {
  if (a.value !== b.value) return a.value < b.value ? -1 : 1;
  return a.id - b.id;
}

/** A connection over a shop's collection. A page keeps only its own items in order, whatever the collection's size. */
export function collectionConnection<T>(collection: Collection<T>, args: Arguments): Connection {
  const direction = args["reverse"] === true ? -1 : 1;
  return {
    page: () => collectionPage(collection, rangeOf(args), direction),
    all: () => sortedItems(collection, direction).map(collection.source),
  };
}

function sortedItems<T>(collection: Collection<T>, direction: number): T[] {
  const found: { position: Position; item: T }[] = [];
  for (const item of collection.items) {
    if (!collection.matches(item)) continue;
    found.push({ position: { value: collection.sortValue(item), id: collection.id(item) }, item });
  }
  return found.sort((a, b) => direction * compare(a.position, b.position)).map(({ item }) => item);
}

function readCursor(cursor: string): Position {
  const value = decode(cursor);
  if (!Array.isArray(value) || value.length !== 2) {
    throw badRequest("Invalid cursor for current pagination sort.");
  }
  return { value: value[0] as SortValue, id: value[1] as number };
}

function collectionPage<T>(collection: Collection<T>, range: Range, direction: number): Page {
  const after = range.after === null ? null : readCursor(range.after);
  const before = range.before === null ? null : readCursor(range.before);
  // Backwards pages are forward pages of the opposite order.
  const order = range.backwards ? -direction : direction;
  const kept: { position: Position; item: T }[] = [];
  let outsideBefore = false;
  let outsideAfter = false;
  for (const item of collection.items) {
    if (!collection.matches(item)) continue;
    const position = { value: collection.sortValue(item), id: collection.id(item) };
    if (after && direction * compare(position, after) <= 0) {
      outsideBefore = true;
      continue;
    }
    if (before && direction * compare(position, before) >= 0) {
      outsideAfter = true;
      continue;
    }
    insert(kept, { position, item }, order, range.count + 1);
  }
  const more = kept.length > range.count;
  if (more) kept.pop();
  if (range.backwards) kept.reverse();
  return toPage(
    kept.map(({ item }) => collection.source(item)),
    kept.map(({ position }) => encode([position.value, position.id])),
    range.backwards ? more || outsideBefore : outsideBefore,
    range.backwards ? outsideAfter : more || outsideAfter,
  );
}

/** Inserts into a short sorted list that keeps only its first `limit` entries. */
function insert<E extends { position: Position }>(kept: E[], entry: E, order: number, limit: number): void {
  const last = kept.at(-1);
  if (kept.length >= limit && last && order * compare(entry.position, last.position) > 0) return;
  let low = 0;
  let high = kept.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = kept[middle];
    if (at && order * compare(at.position, entry.position) < 0) low = middle + 1;
    else high = middle;
  }
  kept.splice(low, 0, entry);
  if (kept.length > limit) kept.pop();
}

/** The Count type: exact, or "at least" where the caller's limit is reached. */
export function count<T>(collection: Pick<Collection<T>, "items" | "matches">, args: Arguments) {
  const limit = args["limit"] as number | null | undefined;
  let found = 0;
  for (const item of collection.items) if (collection.matches(item)) found += 1;
  if (limit !== null && limit !== undefined && found > limit) return { count: limit, precision: "AT_LEAST" };
  return { count: found, precision: "EXACT" };
}
