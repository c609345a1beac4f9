/** Keeps the columns of the shops last asked about, up to a number of bytes, each brought up to date when it is asked for. */
import { countOrders, type CountedOrders } from "../../core/metrics/counted-orders.ts";
import { lineBytes, type LineColumns } from "../../core/metrics/line-columns.ts";
import { bytesOf, type OrderColumns } from "../../core/metrics/order-columns.ts";
import type { Remember } from "../../core/metrics/shop-metrics.ts";
import type { OrderColumnsReader } from "../../db/bulk/order-columns.ts";

interface CachedShop {
  columns: OrderColumns;
  counted: CountedOrders;
  /** Of the same version as the columns where they were asked for; otherwise they may be older. */
  lines: LineColumns | null;
  /** Holds some answers for as long as the columns and the shop's facts stay what they are. */
  remember: Remember;
}

export interface ColumnsCache {
  /** The shop as it is now, its orders' lines only where they are asked for; `null`: no such shop. */
  read(shopId: number, withLines?: boolean): Promise<CachedShop | null>;
  /** Shops held, the longest unused first. */
  shops(): number[];
  bytes(): number;
}

export function columnsCache(
  reader: OrderColumnsReader,
  limitBytes: number,
  now: () => number,
): ColumnsCache {
  const held = new Map<number, CachedShop & { bytes: number }>();
  let total = 0;

  function drop(shopId: number): void {
    total -= held.get(shopId)?.bytes ?? 0;
    held.delete(shopId);
  }

  async function read(shopId: number, withLines = false): Promise<CachedShop | null> {
    const before = held.get(shopId) ?? null;
    const found = withLines
      ? await reader.readWithLines(shopId, before, now())
      : await readOrders(shopId, before);
    drop(shopId);
    if (!found) return null;
    const { columns, lines } = found;
    // Unchanged columns keep their arrays, and what was counted over them stays true.
    const counted =
      before && before.columns.orderId === columns.orderId ? before.counted : countOrders(columns);
    const remember = before && isSame(before.columns, columns) ? before.remember : rememberSome();
    const bytes = bytesOf(columns) + countedBytes(counted) + (lines ? lineBytes(lines, columns) : 0);
    held.set(shopId, { columns, counted, lines, remember, bytes });
    total += bytes;
    for (const oldest of held.keys()) {
      if (total <= limitBytes) break;
      drop(oldest);
    }
    return { columns, counted, lines, remember };
  }

  async function readOrders(shopId: number, before: CachedShop | null) {
    const columns = await reader.read(shopId, before?.columns ?? null, now());
    return columns && { columns, lines: before?.lines ?? null };
  }

  return { read, shops: () => [...held.keys()], bytes: () => total };
}

function countedBytes({ kind, firstDay, secondDay, firstOrder }: CountedOrders): number {
  return kind.byteLength + firstDay.byteLength + secondDay.byteLength + firstOrder.byteLength;
}

function isSame(before: OrderColumns, after: OrderColumns): boolean {
  const facts = ({ shop }: OrderColumns) => JSON.stringify({ ...shop, readAt: 0 });
  return before.orderId === after.orderId && facts(before) === facts(after);
}

/** Answers are small beside the columns; of a table of products there are a few megabytes. */
const ANSWERS_KEPT = 32;

function rememberSome(): Remember {
  const kept = new Map<string, unknown>();
  return <T>(name: string, compute: () => T): T => {
    const known = kept.has(name);
    const answer = known ? (kept.get(name) as T) : compute();
    // The one used last stands last.
    kept.delete(name);
    kept.set(name, answer);
    const [oldest] = kept.keys();
    if (kept.size > ANSWERS_KEPT && oldest !== undefined) kept.delete(oldest);
    return answer;
  };
}
