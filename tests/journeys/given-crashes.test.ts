/**
 * The app is killed while points become codes of a partner, donations, refills and places, and while the merchant takes some of them back.
 * Started again, with every wish told once more, each was given once, nobody else has its code or place, and the points are what is left.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RewardKind } from "../../app/core/loyalty/reward.ts";
import { openDatabase } from "../../app/db/database.server.ts";
import { clearCode } from "../../app/db/gift-card-code.server.ts";
import { differences } from "../../app/db/queries/ledger-proof.server.ts";
import { memberBalance } from "../../app/db/queries/member-account.server.ts";
import { addPoolCodes, setPlaces } from "../../app/db/stores/reward-units.server.ts";
import { lockShop } from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import type { Wish } from "../../app/services/loyalty/redeem-reward.server.ts";
import { createTestDatabase, type Dialect } from "../support/database.ts";
import { failpointsOf, live, type Death } from "../support/deaths.ts";
import { startLocalShopify, type LocalShopify } from "../support/local-shopify.ts";
import { COST, openProgramme, type OpenProgramme } from "../support/open-programme.ts";

const ROUNDS = Number(process.env["GIVEN_CRASH_ROUNDS"] ?? 5);
const MEMBERS = 4;
const WISHES_OF_EACH = 5;
const KINDS: RewardKind[] = ["partner-code", "donation", "refill", "event"];
/** Enough for all rounds. */
const POINTS = ROUNDS * WISHES_OF_EACH * COST;
const POOL = Array.from(
  { length: ROUNDS * MEMBERS * WISHES_OF_EACH },
  (_, index) => `CINEMA-${1000 + index}`,
);

let local: LocalShopify;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(() => local.stop());

/** A failpoint that wishes pass often enough, and cancellations less often. */
const WAYS: Death[] = [
  ...failpointsOf(/^redeem-reward:/).flatMap((failpoint) => passings(failpoint, [1, 7, 13, 19])),
  ...failpointsOf(/^cancel-redemption:.*-request-commit$/).flatMap((failpoint) =>
    passings(failpoint, [1, 4]),
  ),
];

function passings(failpoint: string, among: readonly number[]): Death[] {
  return among.map((passing) => ({ failpoint, passing }));
}

/** Every fifth death comes from outside. */
function death(round: number): Death {
  if (round % 5 === 4) return { afterMs: (round * 7919) % 200 };
  return WAYS[(7 * round + 2) % WAYS.length] ?? { afterMs: 50 };
}

function wishesOf({ members }: OpenProgramme, round: number): Wish[] {
  return members.flatMap(({ memberId }, member) =>
    Array.from({ length: WISHES_OF_EACH }, (_, index) => ({
      memberId,
      rewardId: KINDS[(member + index + round) % KINDS.length] ?? "",
      requestKey: `${round}-${member}-${index}`,
    })),
  );
}

async function playRounds(dialect: Dialect): Promise<number> {
  const own = await createTestDatabase(dialect);
  const db = await openDatabase(own.url);
  try {
    const open = await openProgramme(local, db, { members: MEMBERS, points: POINTS });
    const { shopId, shop } = open;
    local.listen(shop.domain, null);
    await db.write(async (tx) => {
      await lockShop(tx, shopId);
      await addPoolCodes(tx, shopId, "partner-code", POOL, POOL.length);
      await setPlaces(tx, shopId, "event", POOL.length);
    });
    const all: Wish[] = [];
    let inWork = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const wishes = wishesOf(open, round);
      all.push(...wishes);
      const args = [db.url, String(shopId), JSON.stringify(wishes)];
      const dying = death(round);
      if (!(await live("given-child.ts", args, dying)).finished) inWork += 1;
      expect(await differences(db, shopId)).toEqual({ balances: 0, lots: 0 });
      expect(await live("given-child.ts", args), JSON.stringify(dying)).toEqual({ finished: true });
      await expectOneTruth(db, open, all);
    }
    return inWork;
  } finally {
    await db.close();
    own.remove();
  }
}

/** The child has the merchant take back every third of a round's wishes. */
async function expectOneTruth(db: Database, { shopId, members }: OpenProgramme, wishes: readonly Wish[]) {
  const redemptions = await db.prisma.redemption.findMany({ where: { shopId } });
  const byKey = new Map(redemptions.map((each) => [each.requestKey, each]));
  expect([...byKey.keys()].sort()).toEqual(wishes.map(({ requestKey }) => requestKey).sort());
  expect(redemptions).toHaveLength(wishes.length);
  const expected = wishes.map(({ rewardId }, index) =>
    (index % (MEMBERS * WISHES_OF_EACH)) % 3 === 0
      ? "cancelled"
      : rewardId === "donation"
        ? "used"
        : "issued",
  );
  expect(wishes.map(({ requestKey }) => byKey.get(requestKey)?.status)).toEqual(expected);

  const codes = redemptions.filter(({ rewardId }) => rewardId === "partner-code");
  const handed = codes.map(({ code, id }) => clearCode(code ?? "", id));
  expect(new Set(handed).size).toBe(codes.length);
  expect(handed.every((code) => POOL.includes(code))).toBe(true);
  const units = await db.prisma.rewardUnit.findMany({ where: { shopId, redemptionId: { not: null } } });
  const holdersOf = (kind: RewardKind) =>
    units
      .filter(({ rewardId }) => rewardId === kind)
      .map(({ redemptionId }) => redemptionId ?? "")
      .sort();
  // A code that somebody has seen is never free again; a place is.
  expect(holdersOf("partner-code")).toEqual(codes.map(({ id }) => id).sort());
  const seated = redemptions.filter(({ rewardId, status }) => rewardId === "event" && status === "issued");
  expect(holdersOf("event")).toEqual(seated.map(({ id }) => id).sort());

  for (const { memberId } of members) {
    const kept = redemptions.filter((each) => each.memberId === memberId && each.status !== "cancelled");
    expect(await memberBalance(db, shopId, memberId, Date.now())).toMatchObject({
      ...{ available: POINTS - kept.length * COST, pending: 0, debt: 0 },
    });
  }
  expect(await differences(db, shopId)).toEqual({ balances: 0, lots: 0 });
}

describe.each(["sqlite", "postgresql"] as const)(
  "crashes of rewards that Perennial gives on %s",
  { retry: 0 },
  (dialect) => {
    it(
      `lose nothing and give nothing twice (${ROUNDS} rounds)`,
      async () => {
        const inWork = await playRounds(dialect);
        console.log(`${dialect}: ${inWork} of ${ROUNDS} kills landed in work`);
        expect(inWork / ROUNDS).toBeGreaterThanOrEqual(0.8);
      },
      Math.max(120_000, ROUNDS * 30_000),
    );
  },
);
