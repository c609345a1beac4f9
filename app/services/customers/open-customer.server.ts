/** One customer's page: who they are in the shop, and their figures and names, which may come later. */
import { customerStanding } from "../../db/queries/customer-standing.server.ts";
import { answersOfCustomer } from "../../db/stores/survey-answers.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { revenueSwitches } from "../metrics/revenue-switches.ts";
import type { ValueView } from "../value/load-value.server.ts";
import { loadCustomer, type LoadedCustomer } from "./load-customer.server.ts";
import { loadOutlook } from "./load-outlook.server.ts";
import { nameCustomers, nameOrders } from "./name-records.server.ts";

const ANSWERS_SHOWN = 10;

export async function openCustomer(
  db: Database,
  shop: Shop,
  { customerId, before }: { customerId: number; before: number | undefined },
  { discount }: Pick<ValueView, "discount">,
) {
  const standing = await customerStanding(db, shop.id, customerId);
  // Of somebody erased there is nothing to show, and nothing to ask Shopify.
  if (standing.kind !== "known")
    return { customerId, standing, customer: null, outlook: null, names: null, said: [] };
  const asked = { customerId, before, ...revenueSwitches(shop) };
  const said = await answersOfCustomer(db, shop.id, customerId, ANSWERS_SHOWN);
  const customer = loadCustomer(db, shop.id, asked).then((known) => withOrderNames(db, shop.id, known));
  // Its thread counts meanwhile; whether it could is told where it is shown.
  customer.catch(() => undefined);
  const outlook = await loadOutlook(db, shop, { customerId, discount });
  const names = nameCustomers(db, shop.id, [customerId]);
  return { customerId, standing, customer, outlook, names, said };
}

function withOrderNames(db: Database, shopId: number, customer: LoadedCustomer) {
  const orderIds = customer.history?.page.map(({ orderId }) => orderId) ?? [];
  return { ...customer, orderNames: nameOrders(db, shopId, orderIds) };
}
