/**
 * The app is killed while points become rewards and rewards points again, at named failpoints and anywhere, and the answers of the local
 * Shopify are cut at random as well. Started again, with every wish told once more, nothing is lost and nothing is made twice: what the
 * ledger says, what the redemptions say and what there is at Shopify are one.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { memberSums } from "../../app/core/loyalty/explain.ts";
import type { RewardKind } from "../../app/core/loyalty/reward.ts";
import { openDatabase } from "../../app/db/database.server.ts";
import { clearCode } from "../../app/db/gift-card-code.server.ts";
import { memberBalance, memberTransactions } from "../../app/db/queries/member-account.server.ts";
import type { Database } from "../../app/db/types.ts";
import type { Wish } from "../../app/services/loyalty/redeem-reward.server.ts";
import { createTestDatabase, type Dialect } from "../support/database.ts";
import { failpointsOf, live, type Death } from "../support/deaths.ts";
import { startLocalShopify, type LocalShopify } from "../support/local-shopify.ts";
import { COST, openProgramme, type OpenProgramme } from "../support/open-programme.ts";

const ROUNDS = Number(process.env["REDEMPTION_CRASH_ROUNDS"] ?? 5);
const MEMBERS = 4;
const WISHES_OF_EACH = 3;
const POINTS = 1000;

let local: LocalShopify;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(() => local.stop());

const FAILPOINTS = failpointsOf(/^(redeem-reward|issue-redemption|cancel-redemption|rewards|jobs|shopify):/);

/** Every fourth death comes from outside; the others take the failpoints in turn, at the first passing and, in a second turn, at the second. */
function death(round: number): Death {
  if (round % 4 === 3) return { afterMs: 40 + ((round * 7919) % 500) };
  const turn = round - Math.floor(round / 4);
  const step = Math.max(1, Math.floor(FAILPOINTS.length / Math.max(1, Math.ceil(ROUNDS * 0.75))));
  const passing = 1 + (Math.floor((turn * step) / FAILPOINTS.length) % 2);
  return { failpoint: FAILPOINTS[(turn * step) % FAILPOINTS.length] ?? "", passing };
}

const KINDS: RewardKind[] = [
  "amount-off",
  "gift-card",
  "store-credit",
  "percentage",
  "free-product",
  "free-shipping",
];

function wishesOf({ members }: OpenProgramme, round: number): Wish[] {
  return members.flatMap(({ memberId }, member) =>
    Array.from({ length: WISHES_OF_EACH }, (_, index) => ({
      memberId,
      rewardId: KINDS[(member + 2 * index + round) % KINDS.length] ?? "",
      requestKey: `${member}-${index}`,
    })),
  );
}

async function playRound(dialect: Dialect, round: number): Promise<boolean> {
  const own = await createTestDatabase(dialect);
  const db = await openDatabase(own.url);
  try {
    const open = await openProgramme(local, db, { members: MEMBERS, points: POINTS });
    local.listen(open.shop.domain, null);
    const wishes = wishesOf(open, round);
    const dying = death(round);
    local.world.chaos.cutAnswerAfterWork = { probability: 0.1, next: 0 };
    const args = [db.url, String(open.shopId), JSON.stringify(wishes)];
    const first = await live("redemption-child.ts", args, dying);
    const second = await live("redemption-child.ts", args);
    local.world.chaos.cutAnswerAfterWork = { probability: 0, next: 0 };
    expect(second.finished, JSON.stringify(dying)).toBe(true);
    await expectOneTruth(db, open, wishes);
    return !first.finished;
  } finally {
    local.world.chaos.cutAnswerAfterWork = { probability: 0, next: 0 };
    await db.close();
    own.remove();
  }
}

async function expectOneTruth(db: Database, { shop, shopId, members }: OpenProgramme, wishes: Wish[]) {
  const rows = await db.prisma.redemption.findMany({ where: { shopId } });
  const redemptions = rows.map((row) => ({ ...row, code: clearCode(row.code ?? "", row.id) }));
  expect(redemptions.map(({ requestKey }) => requestKey).sort()).toEqual(
    wishes.map(({ requestKey }) => requestKey).sort(),
  );
  const isCancelled = (index: number) => index % 3 === 0 && wishes[index]?.rewardId !== "store-credit";
  const statusOf = (key: string) => redemptions.find(({ requestKey }) => requestKey === key)?.status;
  expect(wishes.map(({ requestKey }) => statusOf(requestKey))).toEqual(
    wishes.map((_, index) => (isCancelled(index) ? "cancelled" : "issued")),
  );
  const codesOf = (isKind: (kind: string) => boolean, status?: string) =>
    redemptions
      .filter((each) => isKind(each.rewardId) && (status === undefined || each.status === status))
      .map(({ code }) => code)
      .sort();
  const isMoney = (kind: string) => kind === "gift-card" || kind === "store-credit";
  const discounts = [...shop.discounts.values()];
  expect(discounts.map(({ code }) => code).sort()).toEqual(codesOf((kind) => !isMoney(kind)));
  const ended = discounts.filter(({ endsAt }) => endsAt !== null && endsAt <= Date.now());
  expect(ended.map(({ code }) => code).sort()).toEqual(codesOf((kind) => !isMoney(kind), "cancelled"));
  const cards = [...shop.giftCards.values()];
  expect(cards.map(({ code }) => code.toUpperCase()).sort()).toEqual(codesOf((kind) => kind === "gift-card"));
  const off = cards.filter(({ deactivatedAt }) => deactivatedAt !== null);
  expect(off.map(({ code }) => code.toUpperCase()).sort()).toEqual(
    codesOf((kind) => kind === "gift-card", "cancelled"),
  );
  const credits = [...shop.storeCreditAccounts.values()].flatMap(({ customerId, transactions }) =>
    transactions.map(({ expiresAt }) => `${customerId} ${expiresAt}`),
  );
  const customerOf = (id: number) => members.find(({ memberId }) => memberId === id)?.customer.id;
  expect(credits.sort()).toEqual(
    redemptions
      .filter(({ rewardId }) => rewardId === "store-credit")
      .map(({ memberId, expiresAt }) => `${customerOf(memberId)} ${Number(expiresAt)}`)
      .sort(),
  );
  for (const { memberId } of members) {
    const kept = redemptions.filter((each) => each.memberId === memberId && each.status === "issued").length;
    const available = POINTS - kept * COST;
    expect(await memberBalance(db, shopId, memberId, Date.now())).toMatchObject({
      available,
      pending: 0,
      debt: 0,
    });
    const { memberIds, transactions } = await memberTransactions(db, shopId, memberId);
    expect(memberSums(transactions, memberIds)).toMatchObject({ available, pending: 0, owed: 0 });
  }
}

describe.each(["sqlite", "postgresql"] as const)("crashes of redemptions on %s", { retry: 0 }, (dialect) => {
  it(
    `lose nothing and make nothing twice (${ROUNDS} rounds)`,
    async () => {
      let inWork = 0;
      for (let round = 0; round < ROUNDS; round += 1) if (await playRound(dialect, round)) inWork += 1;
      console.log(`${dialect}: ${inWork} of ${ROUNDS} kills landed in work`);
      expect(inWork / ROUNDS).toBeGreaterThanOrEqual(0.8);
    },
    Math.max(120_000, ROUNDS * 30_000),
  );
});
