/** Gives a demo's shop a points programme of some age, so that pictures of its pages have something to show. */
import { setTimeout as sleep } from "node:timers/promises";
import { SUGGESTED_SHARE } from "../../app/core/loyalty/hold-out.ts";
import { templateRules } from "../../app/core/loyalty/programme-templates.ts";
import type { Reward } from "../../app/core/loyalty/reward.ts";
import { templateReward } from "../../app/core/loyalty/reward-templates.ts";
import type { Tier, TierRules } from "../../app/core/loyalty/tiers.ts";
import { codeOfMember } from "../../app/core/referrals/referral-code.ts";
import { REFERRAL_ATTRIBUTE, USUAL_REFERRALS } from "../../app/core/referrals/referral-rules.ts";
import { FLOW_TRIGGERS } from "../../app/core/events/flow-triggers.ts";
import { openDatabase } from "../../app/db/database.server.ts";
import {
  addProgrammeVersion,
  beginHoldOut,
  findProgramme,
  saveProgramme,
  saveReferrals,
} from "../../app/db/stores/programmes.server.ts";
import { saveReward } from "../../app/db/stores/rewards.server.ts";
import { enqueue } from "../../app/db/stores/jobs.server.ts";
import { markTiersJudged } from "../../app/db/stores/tiers.server.ts";
import { findShop } from "../../app/db/stores/shops.server.ts";
import type { Database, Transaction } from "../../app/db/types.ts";
import { changeReceiver } from "../../app/services/events/change-receiver.server.ts";
import { noteTriggerUse } from "../../app/services/events/note-trigger-use.server.ts";
import { accrueChangedOrders } from "../../app/services/loyalty/accrue-changed-orders.server.ts";
import { advancePoints } from "../../app/services/loyalty/advance-points.server.ts";
import { joinProgramme } from "../../app/services/loyalty/join-programme.server.ts";
import { judgeTiersJob } from "../../app/services/loyalty/judge-tiers.server.ts";
import { sumPoints } from "../../app/services/loyalty/sum-points.server.ts";

const PATIENCE_MS = 120_000;
const TWO_YEARS_MS = 2 * 365 * 86_400_000;

export async function startProgramme(databaseUrl: string, domain: string): Promise<void> {
  const db = await openDatabase(databaseUrl);
  try {
    const shop = await findShop(db, domain);
    if (!shop) throw new Error(`${domain} is not installed`);
    const rules = templateRules("steady", shop.currency);
    const startedAt = Date.now() - TWO_YEARS_MS;
    await db.write(async (tx) => {
      await saveProgramme(tx, shop.id, { state: "running", membership: "automatic", startedAt });
      await addProgrammeVersion(tx, shop.id, startedAt, { ...rules, tiers: TIERS });
      const beginning = templateReward("amount-off", rules.base, shop.currency);
      await saveReward(tx, shop.id, { id: "five-off", name: "5 off", ...beginning }, Date.now());
      for (const each of OWN_REWARDS) await saveReward(tx, shop.id, { ...beginning, ...each }, Date.now());
      await saveReferrals(tx, shop.id, { ...USUAL_REFERRALS, isOn: true }, "for pictures");
      await keepSomeOut(tx, shop.id, startedAt);
    });
    const signal = AbortSignal.timeout(PATIENCE_MS);
    await connectPrograms(db, shop.id);
    await accrueChangedOrders(db, shop.id, signal);
    await db.write((tx) => joinWithOrders(tx, shop.id, startedAt));
    await advancePoints(db, shop.id, signal);
    await sumPoints(db, shop.id, signal);
    await db.write(async (tx) => {
      await markTiersJudged(tx, shop.id, { cursor: 0 });
      await enqueue(tx, judgeTiersJob(shop.id));
    });
  } finally {
    await db.close();
  }
}

/**
 * Drawn by a key that is the same in every run. The made shop's customers know of no programme: what is told of them is that chance alone
 * shows no difference.
 */
async function keepSomeOut(tx: Transaction, shopId: number, since: number): Promise<void> {
  await beginHoldOut(tx, shopId, SUGGESTED_SHARE, since);
  await tx.prisma.loyaltyProgramme.update({ where: { shopId }, data: { heldOutKey: "for pictures" } });
}

/** Members joined by the first order that the programme counts, as they would have, had it run when the orders came. */
async function joinWithOrders(tx: Transaction, shopId: number, startedAt: number): Promise<void> {
  await tx.prisma.$executeRaw`
    UPDATE "Member" SET "joinedAt" = (
      SELECT MIN(o."placedAt") FROM "Order" o
      JOIN "MemberLink" l ON l."shopId" = o."shopId" AND l."customerId" = o."customerId"
      WHERE l."shopId" = ${shopId} AND l."memberId" = "Member"."id" AND o."placedAt" >= ${startedAt})
    WHERE "shopId" = ${shopId}`;
}

const nothing = { entryPoints: 0, entryRewardId: null, sold: [] } satisfies Partial<Tier>;
const TIERS: TierRules = {
  ...{ by: "spend", period: "rolling-year", graceDays: 30 },
  ladder: [
    {
      ...{ ...nothing, id: "silver", name: "Silver", threshold: 15_000, factorPercent: 125 },
      perks: ["Free gift wrapping"],
    },
    {
      ...{ ...nothing, id: "gold", name: "Gold", threshold: 40_000, factorPercent: 150, entryPoints: 200 },
      perks: ["First to see what is new"],
    },
  ],
};

const OWN_REWARDS: readonly Pick<Reward, "id" | "name" | "gives">[] = [
  {
    ...{ id: "trees", name: "Plant a tree" },
    gives: { kind: "donation", cause: "A hedge for the valley", valueMinor: 300 },
  },
  {
    ...{ id: "refill", name: "Refill a tin" },
    gives: { kind: "refill", goods: "An empty tin of ours", valueMinor: 250 },
  },
];

interface Brought {
  firstName: string;
  clientIp: string;
}

/** Strangers, somebody from the member's own connection, and the member again. */
const FRIENDS: readonly Brought[] = [
  { firstName: "Nora", clientIp: "198.51.100.20" },
  { firstName: "Liis", clientIp: "198.51.100.21" },
  { firstName: "Omar", clientIp: "198.51.100.7" },
];

/** Orders that came by a member's link, compared by the running app. */
export async function bringFriends(
  { admin, databaseUrl }: { admin: string; databaseUrl: string },
  customerId: number,
): Promise<void> {
  const { origin, searchParams } = new URL(admin);
  const domain = searchParams.get("shop") ?? "";
  const act = async (deed: string, body: object) => {
    const answer = await fetch(`${origin}/_control/api/shops/${domain}/actions/${deed}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${deed}: ${await answer.text()}`);
    return (await answer.json()) as { id: number };
  };
  const db = await openDatabase(databaseUrl);
  try {
    const shop = await findShop(db, domain);
    const programme = shop && (await findProgramme(db, shop.id));
    if (!programme) throw new Error("there is no programme");
    const joined = await joinProgramme(db, shop.id, customerId);
    if (!joined.ok) throw new Error(joined.reason);
    const { referralSeed } = await db.prisma.loyaltyProgramme.findFirstOrThrow({
      where: { shopId: shop.id },
    });
    const code = codeOfMember(joined.memberId, referralSeed ?? "");
    const customAttributes = [{ key: REFERRAL_ATTRIBUTE, value: code }];
    const lines = [{ title: "A gift", unitPriceMinor: 2_500, quantity: 1 }];
    await act("createOrder", { customerId, lines, clientIp: "198.51.100.7" });
    for (const { firstName, clientIp } of FRIENDS) {
      const email = `${firstName.toLowerCase()}@friends.example`;
      const friend = await act("createCustomer", { firstName, email });
      await act("createOrder", { customerId: friend.id, lines, clientIp, customAttributes });
    }
    await act("createOrder", { customerId, lines, clientIp: "198.51.100.7", customAttributes });
    const unchecked = () => db.prisma.referral.count({ where: { shopId: shop.id, verdict: "unchecked" } });
    const found = () => db.prisma.referral.count({ where: { shopId: shop.id } });
    for (const end = Date.now() + PATIENCE_MS; (await found()) < 4 || (await unchecked()) > 0;) {
      if (Date.now() > end) throw new Error("the referrals were not checked");
      await sleep(500);
    }
  } finally {
    await db.close();
  }
}

/** As a merchant who has connected a workflow and a program. */
async function connectPrograms(db: Database, shopId: number): Promise<void> {
  for (const kind of ["points.expiring", "tier.changed"] as const)
    await noteTriggerUse(
      db,
      { id: shopId },
      {
        flow_trigger_definition_id: FLOW_TRIGGERS[kind]?.name,
        has_enabled_flow: true,
        timestamp: new Date().toISOString(),
      },
    );
  const kinds = ["points.earned", "reward.redeemed", "customer.at_risk"].join(",");
  const url = "https://hooks.example.com/perennial";
  await changeReceiver(db, shopId, { intent: "add-endpoint", url, kinds });
}
