/** Writes order rows as the stores do, but straight from samples, for the tests of those who read them. */
import { dayFromIso } from "../../app/core/calendar.ts";
import type { Database, Transaction } from "../../app/db/database.server.ts";
import type { SampleOrder } from "./order-columns.ts";

/** Writes rows as the stores do: the shop's version first, each row at that version. */
export async function writeOrders(
  db: Database,
  shopId: number,
  orders: readonly SampleOrder[],
  also?: (tx: Transaction, version: number) => Promise<unknown>,
): Promise<void> {
  await db.write(async (tx) => {
    const { dataVersion: version } = await tx.prisma.shop.update({
      where: { id: shopId },
      data: { dataVersion: { increment: 1 } },
    });
    for (const order of orders) {
      const id = BigInt(order.id ?? 0);
      const key = { shopId, orderId: id };
      await tx.prisma.order.deleteMany({ where: { shopId, id } });
      await tx.prisma.orderLine.deleteMany({ where: key });
      await tx.prisma.refund.deleteMany({ where: key });
      const placedAt = BigInt(Date.parse(order.on.length > 10 ? order.on : `${order.on}T12:00:00Z`));
      const money = (minor = 0) => BigInt(minor);
      await tx.prisma.order.create({
        data: {
          shopId,
          id,
          customerId: order.customer === undefined ? null : BigInt(order.customer),
          createdAt: placedAt,
          placedAt,
          updatedAt: placedAt,
          day: dayFromIso(order.on.slice(0, 10)),
          grossMinor: money(order.grossMinor),
          discountMinor: money(order.discountMinor),
          shippingMinor: money(order.shippingMinor),
          taxMinor: money(order.taxMinor),
          tipMinor: money(order.tipMinor),
          giftCardMinor: money(order.giftCardMinor),
          feeMinor: 0n,
          refundMinor: money(order.refunds?.reduce((sum, refund) => sum + (refund.productMinor ?? 0), 0)),
          netMinor: 0n,
          costMinor: money(order.costMinor),
          costedNetMinor: money(order.costedNetMinor),
          differenceMinor: money(order.differenceMinor),
          presentmentCurrency: "EUR",
          presentmentTotalMinor: 0n,
          channel: "web",
          firstSource: order.source ?? null,
          discountCodes: "[]",
          financialStatus: "paid",
          flags: order.flags ?? 0,
          leadProductId: order.product === undefined ? null : BigInt(order.product),
          version,
        },
      });
      for (const [index, line] of (order.lines ?? []).entries()) {
        await tx.prisma.orderLine.create({
          data: {
            ...key,
            id: BigInt(index + 1),
            productId: BigInt(line.product),
            quantity: line.quantity ?? 1,
            listPriceMinor: 0n,
            grossMinor: money(line.netMinor),
            discountMinor: 0n,
            netMinor: money(line.netMinor),
            taxMinor: 0n,
            refundedQuantity: 0,
            refundMinor: money(line.refundMinor),
            isGiftCard: false,
          },
        });
      }
      for (const [index, refund] of (order.refunds ?? []).entries()) {
        await tx.prisma.refund.create({
          data: {
            ...key,
            id: BigInt(index + 1),
            refundedAt: BigInt(Date.parse(`${refund.on}T12:00:00Z`)),
            day: dayFromIso(refund.on),
            productMinor: money(refund.productMinor),
            shippingMinor: money(refund.shippingMinor),
            taxMinor: money(refund.taxMinor),
            giftCardMinor: money(refund.giftCardMinor),
            otherMinor: 0n,
            costMinor: money(refund.costMinor),
          },
        });
      }
    }
    await also?.(tx, version);
  });
}

export async function createShop(db: Database, domain: string): Promise<number> {
  const shop = await db.write((tx) => tx.prisma.shop.create({ data: { domain, currency: "EUR" } }));
  return shop.id;
}
