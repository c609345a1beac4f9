/**
 * Random lives of a loyalty programme, and after every step the ledger must say what a reference says that knows no ledger: orders that
 * are paid, edited, refunded, cancelled and disputed, rules that change forwards and backwards, points spent, cancelled, expired and adjusted, deeds that earn, another app's points that come and go again, tiers that are climbed and lost, friends who are brought, refused and allowed, members merged and erased,
 * news that comes twice, late and in another order, and a clock that jumps.
 */
import fc from "fast-check";
import { expect } from "vitest";
import {
  adjustMember,
  bindAnew,
  createBook,
  currentMember,
  expectInvariants,
  expiredPoints,
  giveMember,
  happen,
  mergeInto,
  readAccount,
  reserve,
  syncOrder,
  unbind,
  undoAdjust,
  undoImported,
  type Book,
} from "./loyalty-book.ts";
import {
  endGrant,
  grantTier,
  judge,
  mergeTiers,
  tierOfOrder,
  TIERS,
  type TierBook,
} from "./loyalty-tiers.ts";
import {
  checkAll,
  expectSameFriends,
  forgetFriend,
  heardOf,
  mergeFriends,
  overrule,
  REFERRALS,
  settleDue,
  type FriendBook,
} from "./loyalty-friends.ts";
import * as reference from "./loyalty-reference.ts";
import { keptMinor, leftMinor, type WorldOrder } from "./loyalty-world.ts";
import { DAY_MS, START } from "./orders.ts";
import { balanceOf } from "../../app/core/loyalty/member-account.ts";
import type { EarningRules, ProgrammeVersion } from "../../app/core/loyalty/programme.ts";
import { versionAt } from "../../app/core/loyalty/programme.ts";
import type { ReferralRules } from "../../app/core/referrals/referral-rules.ts";

const CUSTOMERS = 6;
/** When the programme starts, and how many steps come long before it. */
const STARTED = START;
const STEPS_BEFORE = 5;
/** As members they have the same numbers. */
export const CUSTOMER_NUMBERS = Array.from({ length: CUSTOMERS }, (_, index) => index + 1);
/** Who come by themselves; the others are brought. */
const REGULARS = 3;

const number = fc.nat(999);
const WEIGHTS = {
  place: 8,
  bring: 3,
  check: 5,
  overrule: 2,
  pay: 3,
  add: 2,
  lower: 2,
  refund: 5,
  "money back": 3,
  cancel: 2,
  dispute: 3,
  redeem: 8,
  use: 5,
  "cancel code": 2,
  "expire code": 2,
  adjust: 3,
  deed: 2,
  undo: 2,
  import: 2,
  "undo import": 2,
  rules: 2,
  backwards: 2,
  backfill: 2,
  "take back": 1,
  fulfil: 2,
  "undo reward": 1,
  merge: 1,
  erase: 1,
  lose: 1,
  again: 3,
  wait: 9,
} as const;
type Act = keyof typeof WEIGHTS;
/** What a customer does, or a merchant at their page. */
const SOMEBODYS: ReadonlySet<Act> = new Set(["redeem", "use", "adjust", "deed", "merge", "erase"]);

const acts = fc.oneof(
  ...Object.entries(WEIGHTS).map(([act, weight]) => ({ weight, arbitrary: fc.constant(act as Act) })),
);
const steps = fc.array(fc.record({ act: acts, a: number, b: number, c: number }), {
  minLength: 20,
  maxLength: 120,
  size: "max",
});
type Step = { act: Act; a: number; b: number; c: number };

const rulesArbitrary: fc.Arbitrary<EarningRules> = fc
  .record({
    isAccruing: fc.constantFrom(true, true, true, true, true, true, true, false),
    base: fc.record({ points: fc.integer({ min: 1, max: 3 }), perMinor: fc.constantFrom(50, 100, 700) }),
    basis: fc.constantFrom("before-discounts", "after-discounts"),
    includeTax: fc.boolean(),
    includeShipping: fc.boolean(),
    rounding: fc.constantFrom("down", "nearest", "up"),
    windowDays: fc.constantFrom(0, 3, 14),
    expiryMonths: fc.constantFrom(null, 1, 6),
    multipliers: fc.constantFrom(
      [],
      [{ match: { productIds: [2] }, factorPercent: 150 }],
      [{ match: { productIds: [2] }, factorPercent: 0 }],
    ),
    events: fc.constantFrom(
      [],
      [
        {
          name: "spring",
          startsAt: START + 10 * DAY_MS,
          endsAt: START + 40 * DAY_MS,
          factorPercent: 200,
          match: {},
        },
      ],
    ),
    bonusProducts: fc.constantFrom([], [{ productId: 3, points: 5 }]),
    firstOrderPoints: fc.constantFrom(0, 25),
    returnSpent: fc.constantFrom("in-proportion", "on-cancellation", "none"),
    tiers: fc.constantFrom(...TIERS),
  })
  .map(({ tiers, ...rules }): EarningRules => ({ ...rules, ...(tiers && { tiers }) }));

interface LifeRules {
  earning: EarningRules;
  referrals: ReferralRules;
}
const lifeRules: fc.Arbitrary<LifeRules> = fc.record({
  earning: rulesArbitrary,
  referrals: fc.constantFrom(...REFERRALS),
});

export const lives = fc.tuple(fc.array(lifeRules, { minLength: 3, maxLength: 3 }), steps);

/** Lives one life and answers with the book that was kept of it. */
export function live(rules: readonly LifeRules[], list: readonly Step[]): Book {
  const book = createBook(STARTED);
  const ref = reference.createReference();
  const orders: WorldOrder[] = [];
  const tierBook: TierBook = new Map();
  const friends: FriendBook = { rows: [], erased: ref.erased };
  const versions: ProgrammeVersion[] = rules
    .slice(0, 1)
    .map((first) => ({ version: 1, validFrom: 0, rules: first.earning }));
  /** Orders that earn by later rules than those they were placed under. */
  const boundAnew = new Map<WorldOrder, ProgrammeVersion>();
  const unheard = new Set<WorldOrder>();
  /** Those of before that a backfill was taken back from. */
  const takenBack = new Set<WorldOrder>();
  const adjustments: { id: string; member: number; points: number }[] = [];
  const imports: { source: string; member: number; points: number }[] = [];
  /** Redemptions that are done without an order. */
  const fulfilled = new Set<string>();
  let now = STARTED - 70 * DAY_MS;
  let isLosing = false;
  let lines = 0;

  const member = (customer: number) => currentMember(book, customer);
  /** `null`: the order is from before the programme. */
  const versionPlacedUnder = (order: WorldOrder) =>
    order.placedAt < STARTED ? null : versionAt(versions, order.placedAt);
  const versionOf = (order: WorldOrder) => boundAnew.get(order) ?? versionPlacedUnder(order);

  const isErased = (who: number) => ref.erased.has(who);
  const moment = () => {
    const [latest, terms] = [versions.at(-1), rules[versions.length - 1]];
    if (!latest || !terms) throw new Error("no version holds");
    return { book, ref, friends, rules: latest.rules, referrals: terms.referrals, now };
  };

  const ordersOf = (who: number) => orders.filter(({ customer }) => member(customer) === who);
  const ordersBefore = (order: WorldOrder) =>
    ordersOf(member(order.customer)).filter(({ placedAt }) => placedAt < order.placedAt);

  function hear(order: WorldOrder): void {
    if (isLosing) {
      unheard.add(order);
      return;
    }
    const [version, who] = [versionOf(order), member(order.customer)];
    // An order that names nobody any more, of which nothing was known.
    if (isErased(who) && !ref.orders.has(order.id)) return;
    if (!version) return;
    const placedUnder = versionPlacedUnder(order)?.rules;
    const policy = (placedUnder ?? version.rules).returnSpent;
    // Once, also where it was none.
    if (order.tierId === undefined && placedUnder)
      order.tierId = tierOfOrder(tierBook, who, placedUnder, ordersBefore(order), order.placedAt);
    reference.settleOrder(ref, who, order, version, now, STARTED);
    const redemption = order.redemptionId === null ? undefined : book.redemptions.get(order.redemptionId);
    if (redemption) {
      const { id, points, state } = redemption;
      const owner = member(redemption.memberId);
      if (state.isRestored) reference.spendAgain(ref, owner, id, points, now);
      const back = reference.dueBack(order, points, policy) - (ref.returned.get(id) ?? 0);
      if (back > 0) reference.giveBack(ref, owner, id, back, now);
    }
    syncOrder(book, order.customer, order, version, policy, now);
    expect(book.orders.get(order.id)?.points).toBe(ref.orders.get(order.id));
    if (order.cancelledAt !== null || keptMinor(order) === 0) expect(ref.orders.get(order.id)).toBe(0);
    const others = ordersOf(who).filter((other) => other !== order && ref.orders.has(other.id));
    heardOf(moment(), order, others);
  }

  /** Today's rules for earlier orders, those left out that were placed while nothing was earned. */
  function turnRulesBack(): void {
    const latest = versions.at(-1);
    if (!latest?.rules.isAccruing) return;
    for (const order of orders) {
      const own = versionOf(order);
      if (unheard.has(order) || !own || own === latest || !own.rules.isAccruing) continue;
      if (!takenBack.has(order)) bindTo(order, latest);
    }
  }

  function bindTo(order: WorldOrder, version: ProgrammeVersion): void {
    boundAnew.set(order, version);
    reference.settleOrder(ref, member(order.customer), order, version, now, STARTED);
    bindAnew(book, order.customer, order, version, now);
    expect(book.orders.get(order.id)?.points).toBe(ref.orders.get(order.id));
    heardOf(moment(), { ...order, broughtBy: null }, []);
  }

  /** Orders from before the programme, the earliest first, up to what a customer gets at most. */
  function backfill(most: number): void {
    const latest = versions.at(-1);
    if (!latest?.rules.isAccruing) return;
    const given = new Map<number, number>();
    for (const order of orders) {
      const who = member(order.customer);
      const isWanted = order.placedAt < STARTED && (!versionOf(order) || takenBack.has(order));
      if (!isWanted || unheard.has(order) || isErased(who)) continue;
      takenBack.delete(order);
      const before = given.get(who) ?? 0;
      order.mostPoints = Math.max(0, most - before);
      bindTo(order, latest);
      given.set(who, before + (ref.orders.get(order.id) ?? 0));
    }
  }

  /** All of it, whatever has become of the points. */
  function takeBackfillBack(): void {
    for (const order of orders) {
      const version = boundAnew.get(order);
      if (!version || order.placedAt >= STARTED || takenBack.has(order) || unheard.has(order)) continue;
      takenBack.add(order);
      order.mostPoints = 0;
      reference.settleOrder(ref, member(order.customer), order, version, now, STARTED);
      unbind(book, order.customer, order, now);
      expect(book.orders.get(order.id)?.points).toBe(0);
    }
  }

  /** A donation is done, a refill confirmed, or the day of a place is over: nothing of it moves points. */
  function fulfil(id: string): void {
    const state = book.redemptions.get(id)?.state;
    if (!state) return;
    const isOpen = state.status === "reserved" || state.status === "issued";
    expect(happen(book, id, { happened: "fulfilled" }, now)).toBe(isOpen || fulfilled.has(id));
    if (isOpen) fulfilled.add(id);
  }

  /** `undone`: the merchant takes it back, also where it was done. */
  function endCode(
    id: string,
    event: "cancelled" | "undone" | "expired-unused",
    returnsPoints: boolean,
  ): void {
    const redemption = book.redemptions.get(id);
    if (!redemption) return;
    const { state, points, memberId } = redemption;
    const isDone = event === "undone" && fulfilled.delete(id);
    const isOpen = state.status === "reserved" || state.status === "issued" || isDone;
    if (isOpen && returnsPoints) reference.giveBack(ref, member(memberId), id, points, now);
    const happened = event === "expired-unused" ? { happened: event, returnsPoints } : { happened: event };
    const isSame = state.status === (event === "expired-unused" ? "expired" : "cancelled");
    expect(happen(book, id, happened, now)).toBe(isOpen || isSame);
  }

  function place({ act, a, b, c }: Step, redemptionId: string | null): void {
    const isBrought = act === "bring";
    const strangers = isBrought ? CUSTOMER_NUMBERS.filter((each) => ordersOf(each).length === 0) : [];
    const customer = strangers[a % strangers.length] ?? 1 + (a % REGULARS);
    if (isErased(member(customer))) return;
    const line = (productId: number, units: number, unitMinor: number) => {
      lines += 1;
      return { id: lines, productId, unitMinor, units, refundedUnits: 0 };
    };
    const order: WorldOrder = {
      id: orders.length + 1,
      customer,
      isFirst: !orders.some((other) => other.customer === customer),
      isExcluded: c % 17 === 0,
      isTest: c % 19 === 0,
      placedAt: now,
      paidAt: c % 4 === 0 ? null : now,
      cancelledAt: null,
      dispute: null,
      lines: [
        line(1, 1 + (b % 3), 1000 + b),
        ...(c % 2 ? [line(2 + (c % 3), 1 + (c % 4), 310 + 7 * c)] : []),
      ],
      moneyBackMinor: 0,
      redemptionId,
      // One brings more friends than the others.
      broughtBy: isBrought && now >= STARTED ? 1 + (b % 2 ? b % CUSTOMERS : 0) : null,
    };
    orders.push(order);
    hear(order);
  }

  function changeOrder({ act, a, b, c }: Step): void {
    const order = orders[a % orders.length];
    const line = order?.lines[b % order.lines.length];
    if (!order || !line) return;
    const freeUnits = line.units - line.refundedUnits;
    if (act === "pay") order.paidAt ??= now;
    if (act === "lower" && freeUnits > 0) line.units -= 1;
    if (act === "refund") line.refundedUnits += Math.min(freeUnits, 1 + (c % 2));
    if (act === "money back") order.moneyBackMinor += Math.min(keptMinor(order), 50 + c);
    if (act === "cancel") order.cancelledAt ??= now;
    if (act === "dispute") order.dispute = (["open", "lost", "won"] as const)[c % 3] ?? null;
    if (act === "add") {
      lines += 1;
      order.lines.push({ id: lines, productId: 1 + (c % 3), unitMinor: 250 + b, units: 1, refundedUnits: 0 });
    }
    // What a refund of money leaves cannot be more than there is.
    const left = order.lines.reduce((sum, each) => sum + leftMinor(each), 0);
    order.moneyBackMinor = Math.min(order.moneyBackMinor, left);
    hear(order);
  }

  function otherwise({ act, a, b, c }: Step): void {
    const who = member(1 + (a % CUSTOMERS));
    if (isErased(who) && SOMEBODYS.has(act)) return;
    const isOnOrder = (id: string) => orders.some(({ redemptionId }) => redemptionId === id);
    const codes = [...book.redemptions.keys()].filter((id) => c % 5 === 0 || !isOnOrder(id));
    const code = codes[b % codes.length] ?? "";
    if (act === "redeem") {
      const id = `r${now}`;
      // Often all there is, sometimes more.
      const { available } = balanceOf(readAccount(book, who, now));
      const points = 1 + (b % (2 + Math.floor(available * 1.2)));
      expect(reserve(book, who, id, points, now)).toBe(reference.spend(ref, who, id, points, now));
      if (book.redemptions.has(id) && c % 2) happen(book, id, { happened: "issued" }, now);
    }
    if (act === "use" && code !== "" && !isOnOrder(code) && !fulfilled.has(code))
      place({ act, a, b, c }, code);
    if (act === "cancel code") endCode(code, "cancelled", true);
    if (act === "fulfil" && !isOnOrder(code)) fulfil(code);
    if (act === "undo reward") endCode(code, "undone", true);
    if (act === "expire code") endCode(code, "expired-unused", c % 2 === 0);
    if (act === "adjust")
      adjustSomeone(who, b % 2 ? -(c % 40) - 1 : (c % 40) + 1, c % 3 ? null : now + 5 * DAY_MS);
    if (act === "deed") {
      const expiresAt = c % 3 ? null : now + 5 * DAY_MS;
      const deed = { kind: "activity", sourceId: `d${now}`, points: 1 + (b % 40), expiresAt } as const;
      giveMember(book, who, deed, now);
      reference.gift(ref, who, `activity/${deed.sourceId}`, deed.points, expiresAt, now);
    }
    if (act === "check") checkAll(moment());
    if (act === "overrule") overrule(moment(), b, ([null, "allow", "block"] as const)[c % 3] ?? null);
    if (act === "erase" && c % 4 === 0) {
      forgetFriend({ ref, friends }, who);
      tierBook.delete(who);
    }
    if (act === "import") importFile({ act, a, b, c });
    if (act === "undo import") undoFile(b, c % 2 ? "owed" : "left");
    const last = adjustments[b % adjustments.length];
    if (act === "undo" && last && !isErased(member(last.member))) {
      adjustments.splice(adjustments.indexOf(last), 1);
      reference.undo(ref, member(last.member), last.id, last.points, now);
      undoAdjust(book, last.id, now);
    }
    const next = rules[versions.length];
    if (act === "rules" && next)
      versions.push({ version: versions.length + 1, validFrom: now, rules: next.earning });
    if (act === "backwards") turnRulesBack();
    if (act === "backfill") backfill(c % 3 ? 10 + (b % 90) : Infinity);
    if (act === "take back") takeBackfillBack();
    const other = member(1 + (b % CUSTOMERS));
    if (act === "merge" && other !== who && !isErased(other) && c % 3 === 0) {
      reference.merge(ref, who, other, now);
      mergeInto(book, who, other, now);
      mergeTiers(tierBook, who, other);
      mergeFriends(moment(), other);
    }
    if (act === "lose") isLosing = !isLosing;
    if (act === "again" && orders.length > 0) hear(orders[a % orders.length] as WorldOrder);
    if (act === "wait") now += (b % 40) * DAY_MS;
  }

  /** Points, their expiry and tiers of some of the members, the file's rows by number. */
  function importFile({ a, b, c }: Step): void {
    const { rules: latest } = moment();
    const named = new Set(CUSTOMER_NUMBERS.filter((each) => (a >> each) % 2 === 1).map(member));
    for (const who of named) {
      if (isErased(who)) continue;
      const source = `${now}.${who}`;
      const points = (b * who) % 60;
      const until = c % 3 === 0 ? now + (1 + (c % 30)) * DAY_MS : null;
      if (points > 0) {
        const expiresAt = until ?? reference.lifeEnd(now, latest.expiryMonths);
        giveMember(book, who, { kind: "import", sourceId: source, points, expiresAt }, now);
        reference.gift(ref, who, `import/${source}`, points, expiresAt, now);
      }
      if (c % 4 === 0) {
        grantTier(tierBook, who, { source, tierId: c % 8 === 0 ? "gold" : "silver", from: now, until });
        judge(tierBook, { book, ref }, who, latest, ordersOf(who), now, { isTakenOver: true });
      }
      imports.push({ source, member: who, points });
    }
  }

  function undoFile(which: number, spent: "left" | "owed"): void {
    const run = imports[which % imports.length]?.source.split(".")[0];
    const rows = imports.filter(({ source }) => source.split(".")[0] === run);
    for (const row of rows) {
      imports.splice(imports.indexOf(row), 1);
      const { source, points } = row;
      const who = member(row.member);
      if (points > 0) {
        reference.undoImport(ref, who, source, { points, spent }, now);
        undoImported(book, source, spent, now);
      }
      if (!isErased(who)) endGrant(tierBook, who, source);
    }
  }

  function adjustSomeone(who: number, points: number, expiresAt: number | null): void {
    const id = `a${now}`;
    const isDone = adjustMember(book, who, { id, points, expiresAt }, now);
    expect(isDone).toBe(reference.adjustBy(ref, who, id, points, expiresAt, now));
    if (isDone) adjustments.push({ id, member: who, points });
  }

  function compare(): void {
    const latest = versions.at(-1)?.rules;
    for (const who of new Set(CUSTOMER_NUMBERS.map(member)))
      if (latest && !isErased(who)) judge(tierBook, { book, ref }, who, latest, ordersOf(who), now);
    reference.passTime(ref, now);
    for (let id = 1; id <= CUSTOMERS; id += 1) {
      const account = readAccount(book, id, now);
      const held = new Map<string, number>();
      for (const { expiresAt, ...lot } of account.lots) {
        for (const place of ["pending", "available"] as const) {
          const name = `${place} until ${expiresAt ?? Infinity}`;
          if (lot[place] > 0) held.set(name, (held.get(name) ?? 0) + lot[place]);
        }
      }
      const has = [
        `${account.debt} owed`,
        `${expiredPoints(book, id, now)} expired`,
        ...[...held].map(([name, points]) => `${points} ${name}`).sort(),
      ];
      const due = [
        `${reference.owed(ref, id)} owed`,
        `${reference.unspent(ref, id)} expired`,
        ...reference.holdings(ref, id),
      ];
      // Asking for each by itself costs more than all the rest.
      if (has.join() !== due.join()) expect(has).toEqual(due);
    }
    expectSameFriends({ ref, friends });
    expectInvariants(book, now);
  }

  for (const [index, step] of list.entries()) {
    now += 1000 + step.c;
    if (index === STEPS_BEFORE) now = STARTED;
    settleDue(moment());
    if (step.act === "place" || step.act === "bring") place(step, null);
    else if (index < STEPS_BEFORE) continue;
    else if (["pay", "add", "lower", "refund", "money back", "cancel", "dispute"].includes(step.act))
      changeOrder(step);
    else otherwise(step);
    compare();
  }
  isLosing = false;
  // A sweep hears of what was lost, the newest first.
  for (const order of [...unheard].reverse()) {
    now += 1;
    hear(order);
    compare();
  }
  return book;
}
