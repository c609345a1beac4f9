import { describe, expect, test } from "vitest";
import { DAY_MS, START } from "../../../tests/support/orders.ts";
import { adjust, undoAdjustment } from "./adjust.ts";
import { advance } from "./advance.ts";
import { clawBack } from "./claw-back.ts";
import { earnPoints } from "./earn-points.ts";
import { explain } from "./explain.ts";
import type { LedgerTransaction } from "./ledger.ts";
import { mergeMembers } from "./merge-members.ts";
import { balanceOf, emptyAccount, type Change } from "./member-account.ts";
import { redeem } from "./redeem.ts";
import { restore, takingsOf } from "./restore.ts";

const day = (days: number) => START + days * DAY_MS;

/** An account and what has been written of it; its steps can be told one after the other. */
function history(memberId = 1) {
  const written: LedgerTransaction[] = [];
  const told = {
    account: emptyAccount(memberId),
    written,
    add(change: Change) {
      told.account = change.account;
      written.push(...change.transactions);
      return told;
    },
    earns(orderId: string, points: number, [at, ripens, expires]: [number, number, number | null]) {
      const life = { ripensAt: day(ripens), expiresAt: expires === null ? null : day(expires) };
      return told.add(
        earnPoints(told.account, { orderId, sequence: 0, points, reason: null, ...life }, day(at)),
      );
    },
    loses(orderId: string, points: number, at: number) {
      return told.add(clawBack(told.account, { orderId, sequence: 1, points, reason: "refunded" }, day(at)));
    },
    spends(redemptionId: string, points: number, at: number) {
      const redeemed = redeem(told.account, { redemptionId, points }, day(at));
      if (!redeemed.ok) throw new Error(redeemed.reason);
      return told.add(redeemed);
    },
    getsBack(redemptionId: string, points: number, at: number, returned = 0) {
      const spent = written.find(({ kind, sourceId }) => kind === "redeem" && sourceId === redemptionId);
      const takings = takingsOf(spent?.postings ?? [], "redeemed");
      const facts = { kind: "restore", sourceId: redemptionId, sequence: returned, reason: null } as const;
      const giving = { ...facts, takings, returned, points, from: "redeemed" } as const;
      return told.add(restore(told.account, giving, day(at)));
    },
    at(days: number) {
      const { pending, available, debt } = balanceOf(advance(told.account, day(days)).account);
      return { pending, available, debt };
    },
    lots(days: number) {
      const { lots } = advance(told.account, day(days)).account;
      const daysOf = (time: number | null) => (time === null ? null : (time - START) / DAY_MS);
      return lots
        .filter(({ available }) => available > 0)
        .map(({ id, available, expiresAt }) => [id, available, daysOf(expiresAt)]);
    },
  };
  return told;
}

describe("time", () => {
  test("points wait for the end of the window, can be spent until they expire, and then are gone", () => {
    const member = history().earns("1", 120, [0, 14, 44]);
    expect(member.at(13)).toEqual({ pending: 120, available: 0, debt: 0 });
    expect(member.at(14)).toEqual({ pending: 0, available: 120, debt: 0 });
    expect(member.at(43)).toEqual({ pending: 0, available: 120, debt: 0 });
    expect(member.at(44)).toEqual({ pending: 0, available: 0, debt: 0 });
    expect(balanceOf(member.account).nextDueAt).toBe(day(14));
  });

  test("what was due is written with the time at which it was, in the order of time", () => {
    const member = history().earns("1", 10, [0, 5, 20]).earns("2", 20, [0, 10, 15]);
    const { transactions } = advance(member.account, day(99));
    expect(transactions.map(({ kind, at, number }) => [kind, (at - START) / DAY_MS, number])).toEqual([
      ["ripen", 5, 3],
      ["ripen", 10, 4],
      ["expire", 15, 5],
      ["expire", 20, 6],
    ]);
  });
});

describe("spending", () => {
  test("takes what expires first, and what never expires last", () => {
    const member = history()
      .earns("1", 10, [0, 0, null])
      .earns("2", 10, [1, 1, 90])
      .earns("3", 10, [2, 2, 60]);
    expect(member.spends("r", 15, 3).lots(3)).toEqual([
      ["earn/1/0", 10, null],
      ["earn/2/0", 5, 90],
    ]);
  });

  test("more than is available is refused, pending points or not", () => {
    const { account } = history().earns("1", 10, [0, 0, null]).earns("2", 90, [0, 14, null]);
    const refused = { ok: false, reason: "insufficient-points", available: 10 };
    expect(redeem(account, { redemptionId: "r", points: 11 }, day(1))).toEqual(refused);
  });

  test("a cancelled redemption restores the very lots with their expiries", () => {
    const member = history().earns("1", 10, [0, 0, null]).earns("2", 10, [0, 0, 90]);
    const before = member.lots(1);
    expect(member.spends("r", 15, 1).getsBack("r", 15, 2).lots(2)).toEqual(before);
  });

  test("what has expired meanwhile lives for thirty days more", () => {
    const member = history().earns("1", 10, [0, 0, null]).earns("2", 10, [0, 0, 90]);
    expect(member.spends("r", 15, 1).getsBack("r", 15, 100).lots(100)).toEqual([
      ["earn/1/0", 10, null],
      ["restore/r/0", 10, 130],
    ]);
  });

  test("in parts, what was taken last comes back first, and never more than was taken", () => {
    const member = history().earns("1", 10, [0, 0, 50]).earns("2", 10, [0, 0, 90]).spends("r", 15, 1);
    expect(member.getsBack("r", 7, 2).lots(2)).toEqual([
      ["earn/1/0", 2, 50],
      ["earn/2/0", 10, 90],
    ]);
    expect(member.getsBack("r", 8, 3, 7).lots(3)).toEqual([
      ["earn/1/0", 10, 50],
      ["earn/2/0", 10, 90],
    ]);
    expect(() => member.getsBack("r", 1, 4, 15)).toThrow("1 points more");
  });
});

describe("taking back", () => {
  test("takes the order's own points first, also while they are pending", () => {
    const member = history().earns("1", 10, [0, 0, 30]).earns("2", 20, [0, 14, 90]).loses("2", 15, 1);
    expect(member.at(1)).toEqual({ pending: 5, available: 10, debt: 0 });
  });

  test("takes others where the order's own are spent, then owes, and what ripens pays first", () => {
    const member = history().earns("1", 100, [0, 0, null]).spends("r", 100, 1).earns("2", 30, [2, 2, null]);
    expect(member.loses("1", 100, 3).at(3)).toEqual({ pending: 0, available: 0, debt: 70 });
    member.earns("3", 90, [4, 18, null]);
    expect(member.at(17)).toEqual({ pending: 90, available: 0, debt: 70 });
    expect(member.at(18)).toEqual({ pending: 0, available: 20, debt: 0 });
  });

  test("points that went unspent are not paid for a second time", () => {
    const member = history().earns("1", 100, [0, 0, 30]).earns("2", 50, [0, 0, null]);
    expect(member.loses("1", 100, 31).at(31)).toEqual({ pending: 0, available: 50, debt: 0 });
  });

  test("points that come back when their order's would have expired live for thirty days", () => {
    const member = history().earns("1", 100, [90, 14, 44]);
    expect(member.lots(91)).toEqual([["earn/1/0", 100, 120]]);
  });
});

describe("adjusting by hand", () => {
  const by = (points: number) => ({ id: "a", points, reason: "sorry", expiresAt: null });

  test("up is available at once and pays what is owed; down cannot go below zero", () => {
    const member = history().earns("1", 20, [0, 0, null]).spends("r", 20, 1).loses("1", 20, 2);
    const up = adjust(member.account, by(50), day(3));
    expect(up.ok && balanceOf(up.account)).toMatchObject({ available: 30, debt: 0 });
    const refused = { ok: false, reason: "insufficient-points", available: 0 };
    expect(adjust(member.account, by(-1), day(3))).toEqual(refused);
  });

  test.each([40, -40])("%i can be undone", (points) => {
    const member = history().earns("1", 100, [0, 0, 90]);
    const done = adjust(member.account, by(points), day(1));
    if (!done.ok) throw new Error(done.reason);
    member.add(done);
    const [adjusted] = done.transactions;
    if (!adjusted) throw new Error("nothing was written");
    member.add(undoAdjustment(member.account, adjusted, "a mistake", day(2)));
    expect(member.lots(2)).toEqual([["earn/1/0", 100, 90]]);
  });
});

describe("merging", () => {
  test("moves lots with their terms; what either owed is owed by the survivor and paid at once", () => {
    const merged = history(1).earns("1", 40, [0, 0, null]).spends("r", 40, 1).loses("1", 40, 2);
    merged.earns("2", 25, [3, 17, 90]);
    const survivor = history(2).earns("3", 100, [0, 0, 60]);
    const done = mergeMembers(merged.account, survivor.account, day(4));
    expect(balanceOf(done.merged)).toEqual({ pending: 0, available: 0, debt: 0, nextDueAt: null });
    expect(balanceOf(done.survivor.account)).toMatchObject({ pending: 25, available: 60, debt: 0 });
    const lot = done.survivor.account.lots.find(({ id }) => id === "earn/2/0");
    expect(lot).toMatchObject({ sourceId: "2", pending: 25, ripensAt: day(17), expiresAt: day(90) });
  });
});

describe("explaining", () => {
  test("every line says what came or went, until when, and what there is after it", () => {
    const member = history().earns("1042", 120, [0, 14, 44]).earns("7", 5, [1, 1, null]).spends("r", 5, 2);
    member.add(advance(member.account, day(99)));
    expect(explain(member.written, new Set([1]))).toEqual([
      {
        ...{ kind: "earn", sourceId: "1042", at: START, pending: 120, available: 0, owed: 0, reason: null },
        ...{ ripensAt: day(14), expiresAt: day(44), balance: { pending: 120, available: 0, owed: 0 } },
      },
      {
        ...{ kind: "earn", sourceId: "7", at: day(1), pending: 0, available: 5, owed: 0, reason: null },
        ...{ ripensAt: day(1), expiresAt: null, balance: { pending: 120, available: 5, owed: 0 } },
      },
      {
        ...{ kind: "redeem", sourceId: "r", at: day(2), pending: 0, available: -5, owed: 0, reason: null },
        ...{ ripensAt: null, expiresAt: null, balance: { pending: 120, available: 0, owed: 0 } },
      },
      {
        ...{ kind: "ripen", sourceId: "earn/1042/0", at: day(14), pending: -120, available: 120, owed: 0 },
        ...{
          reason: null,
          ripensAt: null,
          expiresAt: null,
          balance: { pending: 0, available: 120, owed: 0 },
        },
      },
      {
        ...{ kind: "expire", sourceId: "earn/1042/0", at: day(44), pending: 0, available: -120, owed: 0 },
        ...{ reason: null, ripensAt: null, expiresAt: null, balance: { pending: 0, available: 0, owed: 0 } },
      },
    ]);
  });
});
