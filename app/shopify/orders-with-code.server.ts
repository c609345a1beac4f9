/** Looks for an order that carries a discount code, as Shopify's search knows orders so far. */
import { failpoint } from "../observability/failpoint.ts";
import type { AdminClient } from "./admin-client.server.ts";
import { idOf } from "./gid.ts";
import { ORDER_WITH_CODE } from "./operations/orders.ts";

/** `code`: letters and digits. `null`: there is none yet. */
export async function orderWithCode(client: AdminClient, code: string): Promise<number | null> {
  failpoint("rewards:before-find-order");
  const { orders } = await client.request(ORDER_WITH_CODE, { query: `discount_code:${code}` });
  failpoint("rewards:after-find-order");
  const [order] = orders.nodes;
  return order ? idOf(order.id) : null;
}
