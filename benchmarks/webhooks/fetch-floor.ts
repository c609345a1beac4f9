/** The floor of draining: fetches the same orders from the same Shopify, and saves nothing. Prints the seconds that it took. */
import { database } from "../../app/db/database.server.ts";
import { findShop } from "../../app/db/stores/shops.server.ts";
import { adminFor } from "../../app/services/access/admin-access.server.ts";
import { ordersById } from "../../app/shopify/fetch-orders.server.ts";

const db = await database();
const shop = await findShop(db, process.env["SHOP_DOMAIN"] ?? "");
if (!shop) throw new Error("the shop is not installed");
const rows = await db.prisma.order.findMany({ where: { shopId: shop.id }, select: { id: true } });
const client = await adminFor(db, shop.id);
const startedAt = performance.now();
const { orders } = await ordersById(
  client,
  rows.map(({ id }) => Number(id)),
);
const seconds = (performance.now() - startedAt) / 1_000;
await db.close();
process.stdout.write(`${JSON.stringify({ ready: true, orders: orders.length, seconds })}\n`);
