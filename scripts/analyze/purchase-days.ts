/**
 * Sums purchases by customer and day, as the models count them: memory grows with the days on which customers bought, not with
 * a file's rows.
 */
import type { Transactions } from "../../app/core/clv/purchase-statistics.ts";

export interface PurchaseDays extends Transactions {
  /** The file's name of each customer, in their order: the same rows in another order give the same customers. */
  readonly keys: readonly string[];
  /** In the order in which each pair of customer and day was first seen. */
  readonly customer: Int32Array;
  /** Days since 1970-01-01. */
  readonly day: Int32Array;
  /** Minor units. */
  readonly amount: Float64Array;
}

export interface PurchaseDaysKeeper {
  add(key: string, day: number, amountMinor: number): void;
  close(): PurchaseDays;
}

export function keepPurchaseDays(): PurchaseDaysKeeper {
  const keys: string[] = [];
  const numbers = new Map<string, number>();
  let count = 0;
  let customer = new Int32Array(1024);
  let day = new Int32Array(1024);
  let amount = new Float64Array(1024);
  /** Open addressing, at most half full: entry + 1, 0 is free. */
  let slots = new Int32Array(2048);

  function numberOf(key: string): number {
    let number = numbers.get(key);
    if (number === undefined) {
      number = keys.length;
      numbers.set(key, number);
      keys.push(key);
    }
    return number;
  }

  /** The slot of a pair, or the free one in which it belongs. */
  function slotOf(who: number, on: number): number {
    const mask = slots.length - 1;
    let slot = hashOf(who, on) & mask;
    for (;;) {
      const entry = (slots[slot] as number) - 1;
      if (entry < 0 || (customer[entry] === who && day[entry] === on)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  function grow(): void {
    [customer, day] = [doubled(customer), doubled(day)];
    const wider = new Float64Array(amount.length * 2);
    wider.set(amount);
    amount = wider;
    slots = new Int32Array(customer.length * 2);
    for (let entry = 0; entry < count; entry++) {
      slots[slotOf(customer[entry] as number, day[entry] as number)] = entry + 1;
    }
  }

  return {
    add(key, on, amountMinor) {
      const who = numberOf(key);
      let slot = slotOf(who, on);
      if (slots[slot] === 0) {
        if (count === customer.length) {
          grow();
          slot = slotOf(who, on);
        }
        customer[count] = who;
        day[count] = on;
        slots[slot] = ++count;
      }
      const entry = (slots[slot] as number) - 1;
      amount[entry] = (amount[entry] as number) + amountMinor;
    },
    close() {
      const order = keys.map((_, number) => number).sort(byKey(keys));
      const places = new Int32Array(keys.length);
      order.forEach((number, place) => (places[number] = place));
      return {
        keys: order.map((number) => keys[number] ?? ""),
        customers: keys.length,
        customer: customer.subarray(0, count).map((number) => places[number] as number),
        day: day.subarray(0, count),
        amount: amount.subarray(0, count),
      };
    },
  };
}

/** Numbers by size where all names are numbers. */
function byKey(keys: readonly string[]): (a: number, b: number) => number {
  if (keys.every((key) => /^\d{1,15}$/.test(key))) return (a, b) => Number(keys[a]) - Number(keys[b]);
  return (a, b) => ((keys[a] ?? "") < (keys[b] ?? "") ? -1 : 1);
}

function doubled(column: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(column.length * 2);
  wider.set(column);
  return wider;
}

function hashOf(who: number, on: number): number {
  let hash = Math.imul(who, 0x9e3779b1) ^ Math.imul(on, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) & 0x7fffffff;
}
