/**
 * What the purchase models know of customers: repeat purchases, recency and tenure, in columns. Customers with the same three
 * are one group with a weight, which is what makes a fit fast: many customers never come back, and days are few.
 */

/** One entry per customer; times in the unit of the fit, weeks unless said otherwise, since the customer's first purchase. */
export interface Histories {
  /** x: days with a purchase, without the first one. */
  readonly repeats: ArrayLike<number>;
  /** t_x: time of the last purchase; 0 without a repeat. */
  readonly recency: ArrayLike<number>;
  /** T: time up to the end of observation. */
  readonly tenure: ArrayLike<number>;
  /** Sum over customers and gaps of ln(time between two purchases), which only the regularity's likelihood needs. */
  readonly sumLogGaps?: number | undefined;
}

export interface Groups {
  readonly count: number;
  readonly repeats: Float64Array;
  readonly recency: Float64Array;
  readonly tenure: Float64Array;
  /** Customers in the group. */
  readonly weight: Float64Array;
  readonly customers: number;
  readonly sumLogGaps: number;
  /** The different numbers of repeats, and each group's place among them. */
  readonly distinctRepeats: Float64Array;
  readonly repeatsPlace: Int32Array;
}

export interface Grouped {
  readonly groups: Groups;
  /** Of each customer. */
  readonly groupOf: Int32Array;
}

/** As many customers as one fit takes: their columns and the table of groups fit into 2 GB. */
export const MOST_CUSTOMERS = 1 << 24;

export type HistoryFault =
  | { reason: "no-customers" }
  | { reason: "too-many-customers"; most: number }
  | { reason: "lengths-differ" }
  | { reason: "not-a-number" | "negative" | "part-of-a-purchase"; customer: number }
  | { reason: "repeat-without-time" | "time-without-repeat" | "recency-after-tenure"; customer: number };

/** The first thing that makes histories impossible, or `null`. */
export function faultOf({ repeats, recency, tenure }: Histories): HistoryFault | null {
  const customers = repeats.length;
  if (customers === 0) return { reason: "no-customers" };
  if (customers > MOST_CUSTOMERS) return { reason: "too-many-customers", most: MOST_CUSTOMERS };
  if (recency.length !== customers || tenure.length !== customers) return { reason: "lengths-differ" };
  for (let i = 0; i < customers; i++) {
    const [x, last, observed] = [repeats[i] as number, recency[i] as number, tenure[i] as number];
    if (x === 0 && last === 0 && observed >= 0 && observed < Infinity) continue;
    if (!Number.isFinite(x + last + observed)) return { reason: "not-a-number", customer: i };
    if (x < 0 || last < 0 || observed < 0) return { reason: "negative", customer: i };
    if (x !== Math.floor(x)) return { reason: "part-of-a-purchase", customer: i };
    if (x > 0 && last === 0) return { reason: "repeat-without-time", customer: i };
    if (x === 0 && last > 0) return { reason: "time-without-repeat", customer: i };
    if (last > observed) return { reason: "recency-after-tenure", customer: i };
  }
  return null;
}

/** Customers alike in all three, or with `ignoreRecency` in repeats and tenure. Histories must be without fault. */
export function groupHistories(histories: Histories, ignoreRecency = false): Grouped {
  const { repeats, recency, tenure } = histories;
  const customers = repeats.length;
  const groupOf = new Int32Array(customers);
  let table = groupTable(1 << 10);
  for (let i = 0; i < customers; i++) {
    if (table.count * 2 > table.slots.length) table = grown(table);
    groupOf[i] = placeIn(
      table,
      repeats[i] as number,
      ignoreRecency ? 0 : (recency[i] as number),
      tenure[i] as number,
    );
  }
  const column = (field: number) => {
    const values = new Float64Array(table.count);
    for (let group = 0; group < values.length; group++)
      values[group] = table.rows[group * ROW + field] as number;
    return values;
  };
  const columns = { repeats: column(0), recency: column(1), tenure: column(2), weight: column(3) };
  return { groups: groupsFrom(columns, histories.sumLogGaps ?? 0), groupOf };
}

function groupsFrom(
  columns: Pick<Groups, "repeats" | "recency" | "tenure" | "weight">,
  sumLogGaps: number,
): Groups {
  const places = new Map<number, number>();
  const repeatsPlace = new Int32Array(columns.repeats.length);
  columns.repeats.forEach((repeats, group) => {
    let place = places.get(repeats);
    if (place === undefined) places.set(repeats, (place = places.size));
    repeatsPlace[group] = place;
  });
  let customers = 0;
  for (const weight of columns.weight) customers += weight;
  return {
    ...columns,
    count: columns.repeats.length,
    customers,
    sumLogGaps,
    distinctRepeats: Float64Array.from(places.keys()),
    repeatsPlace,
  };
}

/** The same groups with other weights, as a resample has them; groups without weight are left out. */
export function reweighted(groups: Groups, weight: Float64Array, sumLogGaps: number): Groups {
  const kept: number[] = [];
  weight.forEach((of, group) => {
    if (of > 0) kept.push(group);
  });
  const gathered = (column: Float64Array) => Float64Array.from(kept, (group) => column[group] as number);
  return groupsFrom(
    {
      repeats: gathered(groups.repeats),
      recency: gathered(groups.recency),
      tenure: gathered(groups.tenure),
      weight: gathered(weight),
    },
    sumLogGaps,
  );
}

/**
 * About `customers` of them, each as likely as another: every so manieth, counting through the groups. Enough to find the region
 * in which the best parameters of all lie.
 */
export function sampleOf(groups: Groups, customers: number): Groups {
  const every = groups.customers / customers;
  const weight = new Float64Array(groups.count);
  let counted = 0;
  groups.weight.forEach((of, group) => {
    weight[group] = Math.floor((counted + of) / every + 0.5) - Math.floor(counted / every + 0.5);
    counted += of;
  });
  return reweighted(groups, weight, (groups.sumLogGaps * customers) / groups.customers);
}

/** Repeats, recency, tenure and weight of a group stand together: a look costs one place in memory. */
const ROW = 4;

interface GroupTable {
  /** Group + 1; 0 is free. */
  slots: Int32Array;
  count: number;
  rows: Float64Array;
}

function groupTable(slots: number): GroupTable {
  return { slots: new Int32Array(slots), count: 0, rows: new Float64Array(((slots >> 1) + 1) * ROW) };
}

function grown(table: GroupTable): GroupTable {
  const wider = groupTable(table.slots.length * 4);
  wider.count = table.count;
  wider.rows.set(table.rows);
  const mask = wider.slots.length - 1;
  for (let group = 0; group < table.count; group++) {
    const row = group * ROW;
    const { rows } = table;
    let slot = hashOf(rows[row] as number, rows[row + 1] as number, rows[row + 2] as number) & mask;
    while (wider.slots[slot] !== 0) slot = (slot + 1) & mask;
    wider.slots[slot] = group + 1;
  }
  return wider;
}

function placeIn(table: GroupTable, x: number, last: number, observed: number): number {
  const { slots, rows } = table;
  const mask = slots.length - 1;
  let slot = hashOf(x, last, observed) & mask;
  for (;;) {
    const group = (slots[slot] as number) - 1;
    if (group < 0) break;
    const row = group * ROW;
    if (rows[row] === x && rows[row + 1] === last && rows[row + 2] === observed) {
      rows[row + 3] = (rows[row + 3] as number) + 1;
      return group;
    }
    slot = (slot + 1) & mask;
  }
  const group = table.count++;
  slots[slot] = group + 1;
  rows[group * ROW] = x;
  rows[group * ROW + 1] = last;
  rows[group * ROW + 2] = observed;
  rows[group * ROW + 3] = 1;
  return group;
}

/** Mixes the three numbers; times differ by a day or more, or, where they are continuous, already in their first digits. */
function hashOf(x: number, last: number, observed: number): number {
  let hash = Math.imul(x | 0, 0x9e3779b1) ^ Math.imul((last * 16384) | 0, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) ^ Math.imul((observed * 16384) | 0, 0x297a2d39);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return (hash ^ (hash >>> 15)) & 0x7fffffff;
}
