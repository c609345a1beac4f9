/** Keeps the columns of the shops last asked about, up to a number of bytes, each brought up to date when it is asked for. */
import { countOrders, type CountedOrders } from "../../core/metrics/counted-orders.ts";
import { bytesOf, type OrderColumns } from "../../core/metrics/order-columns.ts";
import type { OrderColumnsReader } from "../../db/bulk/order-columns.ts";

interface CachedShop {
  columns: OrderColumns;
  counted: CountedOrders;
}

export interface ColumnsCache {
  /** The shop as it is now; `null`: no such shop. */
  read(shopId: number): Promise<CachedShop | null>;
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

  async function read(shopId: number): Promise<CachedShop | null> {
    const before = held.get(shopId);
    const columns = await reader.read(shopId, before?.columns ?? null, now());
    drop(shopId);
    if (!columns) return null;
    // Unchanged columns keep their arrays, and what was counted over them stays true.
    const counted =
      before && before.columns.orderId === columns.orderId ? before.counted : countOrders(columns);
    const bytes = bytesOf(columns) + countedBytes(counted);
    held.set(shopId, { columns, counted, bytes });
    total += bytes;
    for (const oldest of held.keys()) {
      if (total <= limitBytes) break;
      drop(oldest);
    }
    return { columns, counted };
  }

  return { read, shops: () => [...held.keys()], bytes: () => total };
}

function countedBytes({ kind, firstDay, secondDay, firstOrder }: CountedOrders): number {
  return kind.byteLength + firstDay.byteLength + secondDay.byteLength + firstOrder.byteLength;
}
