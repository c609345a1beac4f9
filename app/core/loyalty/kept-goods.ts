/** What of an order's goods the shopper kept, line by line, after edits and refunds: what points are earned on and returned by. */
import { splitMinor } from "../money.ts";
import type { Order, OrderLine } from "../order.ts";
import { fraction, plus, times, ZERO, type Fraction } from "./fraction.ts";

export interface KeptLine {
  line: OrderLine;
  /** From 0 to 1, of what the line was sold for after edits. */
  share: Fraction;
  units: number;
}

type Goods = Pick<Order, "lines" | "refunds">;

/** Without gift cards. A refund that names no line is spread over the lines by what was left of them. */
export function keptLines({ lines, refunds }: Goods): KeptLine[] {
  const products = lines.filter(({ isGiftCard }) => !isGiftCard);
  const left = products.map(({ netMinor, refundMinor }) => Math.max(0, netMinor - refundMinor));
  const named = products.reduce((sum, { refundMinor }) => sum + refundMinor, 0);
  const refunded = refunds.reduce((sum, { productMinor }) => sum + productMinor, 0);
  const total = left.reduce((sum, minor) => sum + minor, 0);
  const spread = splitMinor(Math.min(Math.max(0, refunded - named), total), left);
  return products.map((line, index) => {
    const share = keptShare(line, (left[index] ?? 0) - (spread[index] ?? 0));
    return { line, share, units: Math.max(0, line.quantity - line.refundedQuantity) };
  });
}

/** By value; of what cost nothing, by units. */
function keptShare({ netMinor, quantity, refundedQuantity }: OrderLine, leftMinor: number): Fraction {
  if (netMinor > 0) return fraction(leftMinor, netMinor);
  return quantity > 0 ? fraction(Math.max(0, quantity - refundedQuantity), quantity) : ZERO;
}

/** How much of an order's goods was refunded, from 0 to 1: by value, and by units where all of them were free of charge. */
export function refundedShare(order: Goods): Fraction {
  const lines = keptLines(order);
  const isFree = lines.every(({ line }) => line.netMinor <= 0);
  let sold = ZERO;
  let back = ZERO;
  for (const { line, share } of lines) {
    const worth = fraction(Math.max(0, isFree ? line.quantity : line.netMinor));
    sold = plus(sold, worth);
    back = plus(back, times(worth, { ...share, numerator: share.denominator - share.numerator }));
  }
  return sold.numerator === 0n ? ZERO : fraction(back.numerator, back.denominator * sold.numerator);
}
