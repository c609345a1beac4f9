/** The page of customers: a page of the list, or what a search found. Both may come later than the rest, and names last. */
import { shopCalendar } from "../../core/calendar.ts";
import { productTitles } from "../../db/queries/product-titles.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { revenueSwitches } from "../metrics/revenue-switches.ts";
import { loadLearnt } from "../value/load-learnt.server.ts";
import { listCustomers, type ListedCustomers } from "./list-customers.server.ts";
import { nameCustomers } from "./name-records.server.ts";
import { readCustomerList } from "./read-customer-list.server.ts";
import { searchCustomers } from "./search-customers.server.ts";

export async function openCustomers(db: Database, shop: Shop, params: URLSearchParams) {
  const { included } = revenueSwitches(shop);
  const today = shopCalendar(shop.timeZone).dayOf(Date.now());
  const learnt = await loadLearnt(db, shop.id);
  const list = readCustomerList(params, { currency: shop.currency, today, isLearnt: learnt !== null });
  const { typed, searchAfter: after, searchBefore: before } = list;
  const isSearch = typed !== "";
  const { firstProductId } = list.chosen;
  const chosen = firstProductId === undefined ? [] : [firstProductId];
  return {
    list: { ...list, isLearnt: learnt !== null },
    chosenTitles: await productTitles(db, shop.id, chosen),
    found: isSearch ? searchCustomers(db, shop.id, { typed, after, before, included }) : null,
    listed: isSearch
      ? null
      : listCustomers(db, shop.id, list, included, learnt).then((known) => withNames(db, shop.id, known)),
  };
}

/** The rows come first and the names behind them, as late as Shopify tells them. */
function withNames(db: Database, shopId: number, listed: ListedCustomers) {
  const customerIds = listed.stated.figures.rows.map(({ customerId }) => customerId);
  return { ...listed, names: nameCustomers(db, shopId, customerIds) };
}
