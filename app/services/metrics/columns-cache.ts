/** Keeps the columns of the shops last asked about, up to a number of bytes, each brought up to date when it is asked for. */
import { countOrders, type CountedOrders } from "../../core/metrics/counted-orders.ts";
import {
  customerTotals,
  sameIncluded,
  totalsBytes,
  type CustomerTotals,
} from "../../core/metrics/customer-totals.ts";
import { lineBytes, type LineColumns } from "../../core/metrics/line-columns.ts";
import { bytesOf, type OrderColumns } from "../../core/metrics/order-columns.ts";
import type { Carry, Remember, TotalsOf } from "../../core/questions/shop-metrics.ts";
import type { OrderColumnsReader } from "../../db/bulk/order-columns.ts";
import { sharedClock } from "./shared-clock.ts";

interface CachedShop {
  columns: OrderColumns;
  counted: CountedOrders;
  /** Of the same version as the columns where they were asked for; otherwise they may be older. */
  lines: LineColumns | null;
  /** Holds some answers for as long as the columns and the shop's facts stay what they are. */
  remember: Remember;
  carry: Carry;
  /** Counted when first asked for, and kept beside the columns. */
  totalsOf: TotalsOf;
}

interface HeldShop extends Omit<CachedShop, "totalsOf" | "carry" | "remember"> {
  answers: Answers;
  /** Answers that outlive a change, for those who can go on from them. */
  carried: Map<string, unknown>;
  totals: CustomerTotals | null;
  /** When its reading began, by the clock that all threads share. */
  currentAt: number;
  bytes: number;
}

export interface ColumnsCache {
  /**
   * The shop as it is now or was at some time after `askedAt`, its orders' lines only where they are asked for; `null`: no such shop. A
   * page's questions are asked at once, so that one reading serves all of them, however fast the shop changes.
   */
  read(shopId: number, withLines?: boolean, askedAt?: number): Promise<CachedShop | null>;
  forget(shopId: number): void;
  /** Shops held, the longest unused first. */
  shops(): number[];
  bytes(): number;
}

export function columnsCache(
  reader: OrderColumnsReader,
  limitBytes: number,
  now: () => number,
  clock = sharedClock,
): ColumnsCache {
  const held = new Map<number, HeldShop>();
  let total = 0;

  function drop(shopId: number): void {
    total -= held.get(shopId)?.bytes ?? 0;
    held.delete(shopId);
  }

  function keep(shopId: number, shop: Omit<HeldShop, "bytes">): void {
    drop(shopId);
    const bytes = bytesHeld(shop);
    held.set(shopId, { ...shop, bytes });
    total += bytes;
    for (const oldest of held.keys()) {
      if (total <= limitBytes) break;
      drop(oldest);
    }
  }

  async function read(shopId: number, withLines = false, askedAt = Infinity): Promise<CachedShop | null> {
    const before = held.get(shopId) ?? null;
    const isLateEnough = before !== null && before.currentAt > askedAt;
    const serves = isLateEnough && (!withLines || before.lines?.orderId === before.columns.orderId);
    const currentAt = serves ? before.currentAt : clock();
    const found = serves
      ? before
      : withLines
        ? await reader.readWithLines(shopId, before, now())
        : await readOrders(shopId, before);
    drop(shopId);
    if (!found) return null;
    const { columns, lines } = found;
    // Unchanged columns keep their arrays, and what was counted over them stays true.
    const same = before && before.columns.orderId === columns.orderId ? before : null;
    const counted = same?.counted ?? countOrders(columns);
    const answers = before && isSame(before.columns, columns) ? before.answers : rememberSome();
    const { remember } = answers;
    const carried = before?.carried ?? new Map<string, unknown>();
    let totals = same?.totals ?? null;
    keep(shopId, { columns, counted, lines, answers, carried, totals, currentAt });
    const totalsOf: TotalsOf = (included) => {
      // A shop's switches seldom change, so the totals under one setting of them are kept.
      if (totals && sameIncluded(totals.included, included)) return totals;
      totals = customerTotals(columns, included);
      const shop = held.get(shopId);
      if (shop?.columns === columns) keep(shopId, { ...shop, totals });
      return totals;
    };
    const carry: Carry = <T>(name: string, compute: (before: T | null) => T) =>
      remember(name, () => {
        const answer = compute((carried.get(name) as T | undefined) ?? null);
        carried.delete(name);
        carried.set(name, answer);
        const [oldest] = carried.keys();
        if (carried.size > ANSWERS_CARRIED && oldest !== undefined) carried.delete(oldest);
        const shop = held.get(shopId);
        if (shop?.columns === columns) keep(shopId, shop);
        return answer;
      });
    return { columns, counted, lines, remember, carry, totalsOf };
  }

  async function readOrders(shopId: number, before: HeldShop | null) {
    const columns = await reader.read(shopId, before?.columns ?? null, now());
    return columns && { columns, lines: before?.lines ?? null };
  }

  return { read, forget: drop, shops: () => [...held.keys()], bytes: () => total };
}

/** What answers have come to hold since is counted at the next question. */
function bytesHeld({ columns, counted, lines, totals, answers, carried }: Omit<HeldShop, "bytes">): number {
  return (
    bytesOf(columns) +
    countedBytes(counted) +
    (lines ? lineBytes(lines, columns) : 0) +
    (totals ? totalsBytes(totals) : 0) +
    answerBytes([...answers.all(), ...carried.values()])
  );
}

function countedBytes({ kind, firstDay, secondDay, firstOrder }: CountedOrders): number {
  return kind.byteLength + firstDay.byteLength + secondDay.byteLength + firstOrder.byteLength;
}

/**
 * Of the typed arrays in them, however deep, each once: what is carried is remembered too. Lists of rows are not looked into, they hold
 * no columns.
 */
function answerBytes(answers: readonly unknown[]): number {
  const seen = new Set<unknown>();
  let bytes = 0;
  const add = (value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value) || seen.has(value)) return;
    seen.add(value);
    if (ArrayBuffer.isView(value)) bytes += value.byteLength;
    else Object.values(value).forEach(add);
    if (growsLater(value)) bytes += value.laterBytes();
  };
  answers.forEach(add);
  return bytes;
}

/** Customers' facts hold columns that nobody sees from outside. */
function growsLater(answer: object): answer is { laterBytes: () => number } {
  return "laterBytes" in answer && typeof answer.laterBytes === "function";
}

function isSame(before: OrderColumns, after: OrderColumns): boolean {
  const facts = ({ shop }: OrderColumns) => JSON.stringify({ ...shop, readAt: 0 });
  return before.orderId === after.orderId && facts(before) === facts(after);
}

/** As large as a shop's customers, so there are few. */
const ANSWERS_CARRIED = 2;

/** Most are small beside the columns; of a table of products there are a few megabytes. */
const ANSWERS_KEPT = 64;

interface Answers {
  remember: Remember;
  all(): Iterable<unknown>;
}

function rememberSome(): Answers {
  const kept = new Map<string, unknown>();
  const remember: Remember = <T>(name: string, compute: () => T): T => {
    const known = kept.has(name);
    const answer = known ? (kept.get(name) as T) : compute();
    // The one used last stands last.
    kept.delete(name);
    kept.set(name, answer);
    const [oldest] = kept.keys();
    if (kept.size > ANSWERS_KEPT && oldest !== undefined) kept.delete(oldest);
    return answer;
  };
  return { remember, all: () => kept.values() };
}
