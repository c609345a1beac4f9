/** Finds ids among a million of them: dictionaries, positions and groups, without an object per id. */

/** Values are often many and their ids few, so a dictionary's table starts small and grows. */
const SMALL_TABLE = 512;

/** The distinct ids, ascending, and for each value its index among them (-1 for 0, which is no id). */
export function dictionaryOf(values: Int32Array | Float64Array): { ids: Float64Array; index: Int32Array } {
  let table = hashTable(SMALL_TABLE);
  const distinct: number[] = [];
  const index = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const id = values[i] as number;
    if (id === 0) {
      index[i] = -1;
      continue;
    }
    const slot = slotOf(table, id);
    if (table.keys[slot] === 0) {
      table.keys[slot] = id;
      table.values[slot] = distinct.length;
      index[i] = distinct.length;
      distinct.push(id);
      if (distinct.length * 2 > table.mask) table = tableOf(distinct, distinct.length * 2);
    } else index[i] = table.values[slot] as number;
  }
  const ids = Float64Array.from(distinct).sort();
  const rank = new Int32Array(ids.length);
  for (let position = 0; position < ids.length; position++) {
    rank[table.values[slotOf(table, ids[position] as number)] as number] = position;
  }
  for (let i = 0; i < index.length; i++) {
    const provisional = index[i] as number;
    if (provisional >= 0) index[i] = rank[provisional] as number;
  }
  return { ids, index };
}

/** The dictionary of the ids that `index` points to, each once, and the index into it, in place. */
export function usedIds(
  index: Int32Array,
  ids: Int32Array | Float64Array,
): { ids: Float64Array; index: Int32Array } {
  const used = new Float64Array(ids.length);
  for (let i = 0; i < index.length; i++) {
    const at = index[i] as number;
    if (at >= 0) used[at] = ids[at] as number;
  }
  const dictionary = dictionaryOf(used);
  for (let i = 0; i < index.length; i++) {
    const at = index[i] as number;
    if (at >= 0) index[i] = dictionary.index[at] as number;
  }
  return { ids: dictionary.ids, index };
}

/** For each wanted id its position in `ids`, or -1. */
export function positionsIn(ids: Float64Array, wanted: Int32Array | Float64Array): Int32Array {
  const positions = new Int32Array(wanted.length).fill(-1);
  if (wanted.length === 0) return positions;
  const table = tableOf(ids, ids.length);
  for (let i = 0; i < wanted.length; i++) {
    const slot = slotOf(table, wanted[i] as number);
    if (table.keys[slot] !== 0) positions[i] = table.values[slot] as number;
  }
  return positions;
}

/** Open addressing over float keys: a Map of a million boxed numbers takes five times as long. */
interface HashTable {
  keys: Float64Array;
  values: Int32Array;
  mask: number;
}

function hashTable(count: number): HashTable {
  let size = 16;
  while (size < count * 2) size *= 2;
  return { keys: new Float64Array(size), values: new Int32Array(size), mask: size - 1 };
}

/** Each id with its place among them, with room for `capacity`. */
function tableOf(ids: ArrayLike<number>, capacity: number): HashTable {
  const table = hashTable(capacity);
  for (let i = 0; i < ids.length; i++) {
    const slot = slotOf(table, ids[i] as number);
    table.keys[slot] = ids[i] as number;
    table.values[slot] = i;
  }
  return table;
}

/** The slot that holds the key, or the free one where it belongs. */
function slotOf({ keys, mask }: HashTable, key: number): number {
  const low = key | 0;
  const high = (key / 4_294_967_296) | 0;
  let hash = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1);
  hash ^= hash >>> 15;
  let slot = hash & mask;
  while (keys[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) & mask;
  return slot;
}

/** Indices of the rows with a position, by position, rows of one position in their given order. */
export function stableByPosition(positions: Int32Array, limit: number): Int32Array {
  const starts = new Int32Array(limit + 1);
  let known = 0;
  for (let row = 0; row < positions.length; row++) {
    const position = positions[row] as number;
    if (position < 0) continue;
    starts[position + 1] = (starts[position + 1] as number) + 1;
    known++;
  }
  for (let i = 0; i < limit; i++) starts[i + 1] = (starts[i + 1] as number) + (starts[i] as number);
  const order = new Int32Array(known);
  for (let row = 0; row < positions.length; row++) {
    const position = positions[row] as number;
    if (position < 0) continue;
    const next = starts[position] as number;
    order[next] = row;
    starts[position] = next + 1;
  }
  return order;
}

/** Where a customer stands in `customerIds`, which are sorted; -1: nowhere. */
export function indexOfCustomer(
  { customerIds }: { readonly customerIds: Float64Array },
  customerId: number,
): number {
  let low = 0;
  let high = customerIds.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const id = customerIds[middle] as number;
    if (id === customerId) return middle;
    if (id < customerId) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
