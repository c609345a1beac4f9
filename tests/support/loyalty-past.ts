/** A programme's past, written into the ledger as services do, with the times at which it happened: members earn every month, spend, are refunded and adjusted. */
import { advance } from "../../app/core/loyalty/advance.ts";
import { adjust } from "../../app/core/loyalty/adjust.ts";
import { clawBack } from "../../app/core/loyalty/claw-back.ts";
import { earnPoints } from "../../app/core/loyalty/earn-points.ts";
import {
  balanceOf,
  emptyAccount,
  type Change,
  type MemberAccount,
} from "../../app/core/loyalty/member-account.ts";
import { redeem } from "../../app/core/loyalty/redeem.ts";
import { restore, takingsOf } from "../../app/core/loyalty/restore.ts";
import { seededRandom } from "../../app/core/clv/numerics/random.ts";
import { saveChanges } from "../../app/db/stores/ledger.server.ts";
import { addMembers } from "../../app/db/stores/members.server.ts";
import { addProgrammeVersion, saveProgramme } from "../../app/db/stores/programmes.server.ts";
import type { Database } from "../../app/db/types.ts";
import { makeRules } from "./loyalty-rules.ts";
import { DAY_MS } from "./orders.ts";

interface Past {
  customerIds: readonly number[];
  /** Of 30 days, the last of which ends at `until`. */
  months: number;
  until: number;
  seed?: number;
}

const MONTH_DAYS = 30;

/** Answers with the members' numbers. Redemptions are named `spent-MEMBER-MONTH`. */
export async function writePast(
  db: Database,
  shopId: number,
  { customerIds, months, until, seed = 5 }: Past,
): Promise<number[]> {
  const from = until - months * MONTH_DAYS * DAY_MS;
  const members = await db.write(async (tx) => {
    await saveProgramme(tx, shopId, { state: "running", membership: "automatic", startedAt: from });
    await addProgrammeVersion(tx, shopId, from, makeRules({ windowDays: 14, expiryMonths: 6 }));
    return addMembers(tx, shopId, customerIds, from);
  });
  const random = seededRandom(seed);
  for (const memberId of members.values()) {
    const changes = pastOf(memberId, from, months, random);
    await db.write((tx) => saveChanges(tx, shopId, changes));
  }
  return [...members.values()];
}

function pastOf(memberId: number, from: number, months: number, random: () => number): Change[] {
  const changes: Change[] = [];
  let account: MemberAccount = emptyAccount(memberId);
  const did = (change: Change) => {
    changes.push(change);
    account = change.account;
    return change;
  };
  const spends = random() < 0.25 ? 0 : 0.15 + 0.3 * random();
  for (let month = 0; month < months; month++) {
    const at = (day: number) => from + (month * MONTH_DAYS + day) * DAY_MS;
    const name = `${memberId}-${month}`;
    if (random() < 0.6) {
      const life = { sequence: 0, ripensAt: at(15), expiresAt: at(15 + 182), reason: null };
      const points = 20 + Math.floor(180 * random());
      did(earnPoints(account, { orderId: name, points, ...life }, at(1)));
      if (random() < 0.1) {
        const back = { orderId: name, sequence: 1, points, reason: "refunded" };
        did(clawBack(account, back, at(1 + Math.floor(20 * random()))));
      }
    }
    const ready = advance(account, at(22));
    const { available } = balanceOf(ready.account);
    if (available > 0 && random() < spends) {
      const points = 1 + Math.floor(available * random());
      const spent = redeem(account, { redemptionId: `spent-${name}`, points }, at(22));
      if (!spent.ok) throw new Error(spent.reason);
      did(spent);
      if (random() < 0.1) {
        const takings = takingsOf(spent.transactions.at(-1)?.postings ?? [], "redeemed");
        const back = { kind: "restore", sourceId: `spent-${name}`, sequence: 0, from: "redeemed" } as const;
        did(restore(account, { ...back, takings, returned: 0, points, reason: null }, at(25)));
      }
    }
    if (random() < 0.05) {
      const given = adjust(
        account,
        { id: `gift-${name}`, points: 50, reason: "kind", expiresAt: null },
        at(26),
      );
      if (given.ok) did(given);
    }
  }
  return changes;
}
