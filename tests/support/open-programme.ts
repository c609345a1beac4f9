/** A shop whose programme runs, with rewards of every kind and members who have points; Shopify has granted what rewards need. */
import { randomUUID } from "node:crypto";
import { adjust } from "../../app/core/loyalty/adjust.ts";
import type { Reward, RewardGives, RewardKind } from "../../app/core/loyalty/reward.ts";
import { plainReward } from "../../app/core/loyalty/reward-bounds.ts";
import { lockAccounts, saveChanges } from "../../app/db/stores/ledger.server.ts";
import { addMembers } from "../../app/db/stores/members.server.ts";
import { addProgrammeVersion, saveProgramme } from "../../app/db/stores/programmes.server.ts";
import { saveReward } from "../../app/db/stores/rewards.server.ts";
import { changeShop } from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import * as actions from "../../devstore/state/actions.ts";
import type { CustomerState } from "../../devstore/state/model.ts";
import { startAppWorker, untilSynced, type LocalShopify } from "./local-shopify.ts";
import { makeRules } from "./loyalty-rules.ts";
import { openShop, value, type OpenShop } from "./open-shop.ts";

export const COST = 100;
export const REWARD_SCOPES = [
  "write_customers", "write_discounts", "write_gift_cards", "read_store_credit_accounts",
  "write_store_credit_account_transactions",
]; // prettier-ignore

export interface OpenProgramme extends OpenShop {
  members: { memberId: number; customer: CustomerState }[];
  /** By kind. */
  rewards: Record<RewardKind, Reward>;
}

export async function openProgramme(
  local: LocalShopify,
  db: Database,
  { members: count = 1, points = 1000 } = {},
): Promise<OpenProgramme> {
  const open = await openShop(local, db);
  const { shop, shopId } = open;
  const others = Array.from({ length: count - 1 }, (_, index) =>
    value(actions.createCustomer(local.world, shop, { firstName: `Member ${index}` })),
  );
  const worker = await startAppWorker(db);
  await untilSynced(db, shopId);
  await worker.stop();
  const customers = [open.customer, ...others];
  const rewards = rewardsOf(open);
  shop.installation?.scopes.push(...REWARD_SCOPES);
  const members = await db.write(async (tx) => {
    await changeShop(tx, shopId, { scopes: shop.installation?.scopes.join(",") ?? "" });
    await saveProgramme(tx, shopId, { state: "running", membership: "automatic", startedAt: 0 });
    // Orders earn nothing: what members have is what they were given.
    await addProgrammeVersion(tx, shopId, 0, makeRules({ isAccruing: false }));
    for (const reward of Object.values(rewards)) await saveReward(tx, shopId, reward, 0);
    return addMembers(
      tx,
      shopId,
      customers.map(({ id }) => id),
      0,
    );
  });
  const opened = customers.map((customer) => ({ customer, memberId: members.get(customer.id) ?? 0 }));
  for (const { memberId } of opened) await givePoints(db, shopId, memberId, points);
  return { ...open, members: opened, rewards };
}

export async function givePoints(
  db: Database,
  shopId: number,
  memberId: number,
  points: number,
  expiresAt: number | null = null,
): Promise<void> {
  await db.write(async (tx) => {
    const account = (await lockAccounts(tx, shopId, [memberId])).get(memberId);
    if (!account) throw new Error(`no member ${memberId}`);
    const given = { id: randomUUID(), points, reason: "a gift", expiresAt };
    const adjusted = adjust(account, given, Date.now());
    if (!adjusted.ok) throw new Error(adjusted.reason);
    await saveChanges(tx, shopId, [adjusted]);
  });
}

const COSTS = { valueMinor: 200, perMember: null };

function rewardsOf({ product }: OpenShop): Record<RewardKind, Reward> {
  const make = <Gives extends RewardGives>(gives: Gives): Reward => ({
    id: gives.kind,
    name: `Reward: ${gives.kind}`,
    gives,
    costPoints: COST,
    minimumMinor: null,
    combinesWith: { order: false, product: false, shipping: true },
    validDays: 60,
    returnsUnused: true,
    isActive: true,
  });
  const plain = (gives: RewardGives) => plainReward(make(gives));
  return {
    "amount-off": make({ kind: "amount-off", valueMinor: 500 }),
    percentage: make({ kind: "percentage", percent: 20 }),
    "free-shipping": make({ kind: "free-shipping" }),
    "free-product": make({ kind: "free-product", variantId: product.variantIds[0] ?? 0 }),
    "gift-card": make({ kind: "gift-card", valueMinor: 1000 }),
    "store-credit": make({ kind: "store-credit", valueMinor: 700 }),
    "partner-code": plain({ ...{ kind: "partner-code", partner: "A cinema" }, ...COSTS, inAll: null }),
    donation: plain({ kind: "donation", cause: "The sea", valueMinor: 300 }),
    refill: plain({ kind: "refill", goods: "An empty bottle", valueMinor: 150 }),
    event: plain({
      ...{ kind: "event", venue: "Our shop", on: "2099-05-31", until: "2099-05-24", places: 3 },
      ...COSTS,
    }),
  };
}
