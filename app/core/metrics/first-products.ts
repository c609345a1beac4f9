/** Which first purchase is followed by a second: customers by the lead product of their first order. */
import { NO_DAY, type CountedOrders } from "./counted-orders.ts";
import type { OrderColumns } from "./order-columns.ts";
import { periodOf, type Period } from "./period.ts";
import { MINIMUM_CUSTOMERS, repeatRate, type RepeatRate } from "./repeat-rate.ts";

export interface FirstProductOptions {
  /** First orders of these days; all unless told. */
  period?: Period | undefined;
  /** Counts second orders within so many days, of customers seen for that long; ever, unless told. */
  withinDays?: number;
  /** Products with fewer customers than this are put together. */
  minimumCustomers?: number;
}

export interface FirstProducts {
  /** By number of customers, largest first. */
  products: ({ productId: number } & RepeatRate)[];
  /** Products with too few customers, together; `null` without any. */
  others: ({ productCount: number } & RepeatRate) | null;
  /** First orders that name no product; `null` without any. */
  unknown: RepeatRate | null;
}

export function firstProducts(
  columns: OrderColumns,
  counted: CountedOrders,
  options: FirstProductOptions = {},
): FirstProducts {
  const { minimumCustomers = MINIMUM_CUSTOMERS, withinDays = Infinity } = options;
  const period = periodOf(counted, options.period);
  const lastFirstDay = Number.isFinite(withinDays) ? (counted.lastOrderDay ?? 0) - withinDays : Infinity;
  const { firstDay, secondDay, firstOrder } = counted;
  // The last place is for first orders without a product.
  const unknownPlace = columns.productIds.length;
  const customers = new Int32Array(unknownPlace + 1);
  const repeaters = new Int32Array(unknownPlace + 1);
  for (let who = 0; who < firstDay.length; who++) {
    const first = firstDay[who] as number;
    if (first === NO_DAY || first < period.firstDay || first > period.lastDay || first > lastFirstDay)
      continue;
    const product = columns.leadProduct[firstOrder[who] as number] as number;
    const place = product < 0 ? unknownPlace : product;
    const second = secondDay[who] as number;
    customers[place] = (customers[place] as number) + 1;
    if (second !== NO_DAY && second - first <= withinDays)
      repeaters[place] = (repeaters[place] as number) + 1;
  }

  const products: FirstProducts["products"] = [];
  const others = { productCount: 0, customers: 0, repeatCustomers: 0 };
  columns.productIds.forEach((productId, place) => {
    const count = customers[place] as number;
    if (count >= Math.max(1, minimumCustomers)) {
      products.push({ productId, ...repeatRate(repeaters[place] as number, count) });
    } else if (count > 0) {
      others.productCount++;
      others.customers += count;
      others.repeatCustomers += repeaters[place] as number;
    }
  });
  products.sort((a, b) => b.customers - a.customers || a.productId - b.productId);
  const unknown = customers[unknownPlace] as number;
  return {
    products,
    others:
      others.customers === 0
        ? null
        : { productCount: others.productCount, ...repeatRate(others.repeatCustomers, others.customers) },
    unknown: unknown === 0 ? null : repeatRate(repeaters[unknownPlace] as number, unknown),
  };
}
