/**
 * Gives orders the points that they earn in their present state, in the transaction that saves them: what is posted is the difference to
 * what the ledger has given them before, so that news which come twice, late or in another order end in the same points.
 */
import { shopCalendar, type ShopCalendar } from "../../core/calendar.ts";
import {
  accrueOrder,
  lifeOfPoints,
  type Accrued,
  type OrderPoints,
} from "../../core/loyalty/accrue-order.ts";
import { lotId } from "../../core/loyalty/ledger.ts";
import type { Change } from "../../core/loyalty/member-account.ts";
import { orderTarget, type DisputeState } from "../../core/loyalty/order-target.ts";
import {
  productsInQuestion,
  termsOf,
  withNewLines,
  type OrderTerms,
} from "../../core/loyalty/order-terms.ts";
import { versionFor, type EarningRules, type ProgrammeVersion } from "../../core/loyalty/programme.ts";
import { countsFrom, tierAt } from "../../core/loyalty/tier-standing.ts";
import type { Order } from "../../core/order.ts";
import { excludedAmong, firstOrders } from "../../db/queries/earning-facts.server.ts";
import { storedOrders } from "../../db/queries/stored-orders.server.ts";
import { tierFacts, type MemberTierFacts } from "../../db/queries/tier-facts.server.ts";
import { lockAccounts, saveChanges } from "../../db/stores/ledger.server.ts";
import { addMembers, customersOfMembers, membersOf, membersSince } from "../../db/stores/members.server.ts";
import { orderAccruals, saveAccruals, type OrderAccrual } from "../../db/stores/order-accruals.server.ts";
import { findProgramme, type Programme } from "../../db/stores/programmes.server.ts";
import { referralsOfOrders } from "../../db/stores/referrals.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Transaction } from "../../db/types.ts";
import type { ProductCollections } from "../../shopify/fetch-collections.server.ts";
import { earnFor, JOINING } from "./earn-activity.server.ts";
import { recordReferrals, type ReferralCodes } from "./record-referrals.server.ts";
import { settleReferrals } from "./settle-referrals.server.ts";
import { judgeMembers } from "./judge-tiers.server.ts";

/** What is known beside the stored orders when they are given their points. */
export interface AccrualFacts {
  /** Collections of products, asked for before the transaction (ask-collections.server.ts). */
  collections?: ProductCollections;
  /** Of orders that are not in it the last that was heard of theirs holds. */
  disputes?: ReadonlyMap<number, DisputeState | null>;
  /** Of orders that are not in it, nobody's code. */
  codes?: ReferralCodes;
}

/** An order with what it is to earn. */
interface Accruing extends Pick<OrderPoints, "ripensAt" | "expiresAt"> {
  accrual: OrderAccrual;
  customerId: number | null;
  /** The order was another customer's before: what that member has of it goes back. */
  formerMemberId: number | null;
}

/**
 * The transaction holds the shop's row, and `orderIds` are few enough for one statement. Answers orders that were left as they are
 * because nobody has asked for the collections of their products, and in a transaction nobody does: they are to be tried again.
 */
export async function accrueOrders(
  tx: Transaction,
  shop: Shop,
  orderIds: readonly number[],
  now: number,
  { collections = new Map(), disputes = new Map(), codes = new Map() }: AccrualFacts = {},
): Promise<number[]> {
  if (orderIds.length === 0) return [];
  const { id: shopId } = shop;
  const programme = await findProgramme(tx, shopId);
  if (!programme || programme.state === "off") return [];
  const orders = await storedOrders(tx, shopId, orderIds);
  const known = await orderAccruals(tx, shopId, orderIds);
  const calendar = shopCalendar(shop.timeZone);
  const accruing: Accruing[] = [];
  const { bound, unbound } = await withTerms(tx, shopId, programme, orders, known, collections, calendar);
  for (const { order, accrual: before, version } of bound) {
    const told = disputes.get(order.id);
    const accrual = told === undefined ? before : { ...before, dispute: told };
    const target = orderTarget(order, accrual.terms, version.rules, accrual.dispute);
    const life = lifeOfPoints(order, version.rules, calendar, programme.startedAt ?? undefined);
    accruing.push({
      accrual: { ...accrual, target },
      customerId: order.customerId,
      formerMemberId: null,
      ...life,
    });
  }
  const kept = new Set(orders.map(({ id }) => id));
  for (const accrual of known.values()) if (!kept.has(accrual.orderId)) accruing.push(ofDeleted(accrual));
  const owned = await withMembers(tx, shopId, programme, accruing, now);
  await saveAccruals(tx, shopId, await post(tx, shopId, owned, now));
  if (programme.activities.some(({ key }) => key === JOINING.key)) {
    const joined = await membersSince(
      tx,
      shopId,
      now,
      owned.flatMap(({ accrual }) => accrual.memberId ?? []),
    );
    for (const memberId of joined) await earnFor(tx, shop, programme, memberId, JOINING, now);
  }
  if (programme.versions.at(-1)?.rules.tiers) {
    const buyers = await membersOf(
      tx,
      shopId,
      orders.flatMap(({ customerId }) => customerId ?? []),
    );
    const owners = owned.flatMap(({ accrual: { memberId }, formerMemberId }) => [memberId, formerMemberId]);
    const members = [...buyers.values(), ...owners].filter((memberId) => memberId !== null);
    await judgeMembers(tx, shop, programme, members, now);
  }
  if (programme.referrals) {
    const isBound = new Set(bound.map(({ order }) => order.id));
    const placed = orders.filter(({ id }) => isBound.has(id));
    await recordReferrals(tx, shopId, programme, placed, codes, now);
    await settleReferrals(tx, shop, programme, await referralsOfOrders(tx, shopId, orderIds), now);
  }
  return unbound;
}

interface Bound {
  order: Order;
  accrual: OrderAccrual;
  version: ProgrammeVersion;
}

/** Binds each order to the version that held when it was placed, if one did. */
async function withTerms(
  tx: Transaction,
  shopId: number,
  programme: Programme,
  orders: readonly Order[],
  known: ReadonlyMap<number, OrderAccrual>,
  collections: ProductCollections,
  calendar: ShopCalendar,
): Promise<{ bound: Bound[]; unbound: number[] }> {
  const customerIds = orders.flatMap(({ id, customerId }) =>
    customerId === null || known.has(id) ? [] : [customerId],
  );
  const excluded = await excludedAmong(tx, shopId, customerIds);
  const firsts = await firstOrders(tx, shopId, customerIds);
  const collectionsOf = (productId: number) => collections.get(productId) ?? [];
  const tiers = await placedInTiers(tx, shopId, programme, orders, known, calendar);
  const bound: Bound[] = [];
  const unbound: number[] = [];
  // What an order earns may decide about the tier of the next one.
  for (const order of orders.toSorted((a, b) => a.placedAt - b.placedAt || a.id - b.id)) {
    const { id: orderId, customerId } = order;
    const before = known.get(orderId);
    const version = versionFor(programme, order, before);
    if (!version) continue;
    const inQuestion = productsInQuestion(before?.terms ?? null, order, version.rules);
    if (inQuestion.some((id) => !collections.has(id))) unbound.push(orderId);
    else if (before) {
      const terms = withNewLines(before.terms, order, version.rules, collectionsOf);
      tiers.earns(order, orderTarget(order, terms, version.rules, before.dispute).points);
      bound.push({ order, version, accrual: { ...before, terms } });
    } else {
      const isFirstOrder = customerId !== null && firsts.get(customerId) === orderId;
      const isExcluded = customerId !== null && excluded.has(customerId);
      const tierId = tiers.of(order, version.rules);
      const terms = termsOf(order, version.rules, { isFirstOrder, isExcluded, collectionsOf, tierId });
      tiers.earns(order, orderTarget(order, terms, version.rules, null).points);
      bound.push({ order, version, accrual: newAccrual(orderId, version, terms) });
    }
  }
  return { bound, unbound };
}

interface PlacedTiers {
  of(order: Order, rules: EarningRules): string | null;
  /** What it comes to, as those that are placed later see it. */
  earns(order: Order, points: number): void;
}

/** In which tiers customers were as they placed orders that are not bound yet: as of the moment before. */
async function placedInTiers(
  tx: Transaction,
  shopId: number,
  programme: Programme,
  orders: readonly Order[],
  known: ReadonlyMap<number, OrderAccrual>,
  calendar: ShopCalendar,
): Promise<PlacedTiers> {
  const asked = orders.filter(({ id, customerId }) => customerId !== null && !known.has(id));
  const latest = programme.versions.at(-1)?.rules.tiers;
  if (!latest || asked.length === 0) return { of: () => null, earns: () => undefined };
  const members = await membersOf(
    tx,
    shopId,
    asked.flatMap(({ customerId }) => customerId ?? []),
  );
  const facts = new Map<string, Map<number, MemberTierFacts>>();
  const ladders = new Map(
    asked.flatMap((order) => {
      const tiers = versionFor(programme, order, undefined)?.rules.tiers;
      return tiers ? [[JSON.stringify(tiers), tiers] as const] : [];
    }),
  );
  const first = Math.min(...asked.map(({ placedAt }) => placedAt));
  for (const [key, tiers] of ladders) {
    const from = countsFrom(tiers, first, calendar);
    facts.set(key, await tierFacts(tx, shopId, tiers, [...members.values()], from));
  }
  return {
    of(order, { tiers }) {
      const memberId = members.get(order.customerId ?? 0);
      const own = tiers && facts.get(JSON.stringify(tiers))?.get(memberId ?? 0);
      return tiers && own ? tierAt(tiers, factsBefore(own, order), order.placedAt, calendar) : null;
    },
    earns({ id: orderId, customerId, placedAt: at }, amount) {
      for (const [key, tiers] of ladders) {
        const ofMembers = facts.get(key);
        const memberId = members.get(customerId ?? 0) ?? 0;
        const own = ofMembers?.get(memberId);
        if (tiers.by !== "points" || !own) continue;
        const others = own.amounts.filter((each) => each.orderId !== orderId);
        const amounts = amount > 0 ? [...others, { orderId, at, amount }] : others;
        ofMembers?.set(memberId, { ...own, amounts });
      }
    },
  };
}

/** Without the order itself: Shopify's times are whole seconds, and of the same second the lower id came first. */
function factsBefore(facts: MemberTierFacts, { id, placedAt }: Order): MemberTierFacts {
  const isBefore = ({ at, orderId }: MemberTierFacts["amounts"][number]) =>
    at < placedAt || (at === placedAt && (orderId ?? 0) < id);
  return {
    ...facts,
    amounts: facts.amounts.filter(isBefore),
    purchases: facts.purchases.filter(({ at }) => at < placedAt),
  };
}

export function newAccrual(
  orderId: number,
  { version }: Pick<ProgrammeVersion, "version">,
  terms: OrderTerms,
): OrderAccrual {
  const target = { points: 0, because: null };
  return {
    orderId,
    memberId: null,
    version,
    terms,
    target,
    accrued: { points: 0, changes: 0 },
    dispute: null,
  };
}

function ofDeleted(accrual: OrderAccrual): Accruing {
  const target = { points: 0, because: "deleted" } as const;
  return {
    ...{ accrual: { ...accrual, target }, customerId: null, formerMemberId: null },
    ...{ ripensAt: 0, expiresAt: null },
  };
}

/**
 * Where one becomes a member by ordering, whoever earns something is one. An order belongs to the member whose customer Shopify names, which
 * may be another than before; one that names nobody stays where it is.
 */
async function withMembers(
  tx: Transaction,
  shopId: number,
  { membership }: Programme,
  accruing: readonly Accruing[],
  now: number,
): Promise<Accruing[]> {
  const customersOf = (some: readonly Accruing[]) =>
    some.flatMap(({ customerId }) => (customerId === null ? [] : [customerId]));
  const known = await membersOf(tx, shopId, customersOf(accruing));
  const customerOf = await customersOfMembers(
    tx,
    shopId,
    accruing.flatMap(({ accrual: { memberId }, customerId }) =>
      memberId === null || known.get(customerId ?? 0) === memberId ? [] : [memberId],
    ),
  );
  const staysWith = ({ accrual: { memberId }, customerId }: Accruing) =>
    memberId !== null && (customerId === null || (customerOf.get(memberId) ?? customerId) === customerId);
  const earning = accruing.filter((each) => each.accrual.target.points > 0 && !staysWith(each));
  const members =
    membership === "automatic" && earning.length > 0
      ? new Map([...known, ...(await addMembers(tx, shopId, customersOf(earning), now))])
      : known;
  return accruing.map((each) => {
    if (staysWith(each)) return each;
    const memberId = members.get(each.customerId ?? 0) ?? null;
    return { ...each, accrual: { ...each.accrual, memberId }, formerMemberId: each.accrual.memberId };
  });
}

/** Posts what is still to be given or taken, and answers with the accruals as they are then. */
async function post(
  tx: Transaction,
  shopId: number,
  accruing: readonly Accruing[],
  now: number,
): Promise<OrderAccrual[]> {
  const differing = accruing.filter(
    ({ accrual: { target, accrued }, formerMemberId }) =>
      formerMemberId !== null || target.points !== accrued.points,
  );
  const memberIds = differing
    .flatMap(({ accrual: { memberId }, formerMemberId }) => [memberId, formerMemberId])
    .filter((memberId) => memberId !== null);
  const accounts = await lockAccounts(
    tx,
    shopId,
    memberIds,
    differing.flatMap(({ accrual }) => lotsOf(accrual)),
  );
  const changes: Change[] = [];
  const postTo = (memberId: number | null, points: OrderPoints, accrued: Accrued): Accrued => {
    const account = memberId === null ? undefined : accounts.get(memberId);
    const change = account && accrueOrder(account, points, accrued, now);
    if (!change) return accrued;
    changes.push(change);
    accounts.set(change.account.memberId, change.account);
    return { points: points.target.points, changes: accrued.changes + 1 };
  };
  const accruals = accruing.map(({ accrual, formerMemberId, ripensAt, expiresAt }) => {
    const { orderId, memberId, target } = accrual;
    const points = { orderId: String(orderId), target, ripensAt, expiresAt };
    const none = { ...points, target: { points: 0, because: "reassigned" } as const };
    const left = postTo(formerMemberId, none, accrual.accrued);
    return { ...accrual, accrued: postTo(memberId, points, left) };
  });
  await saveChanges(tx, shopId, changes);
  return accruals;
}

/** Names of all lots that the order can have opened. */
function lotsOf({ orderId, accrued }: OrderAccrual): string[] {
  return Array.from({ length: accrued.changes }, (_, sequence) => lotId("earn", String(orderId), sequence));
}
