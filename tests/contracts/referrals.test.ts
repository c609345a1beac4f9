/** Members bring friends: who is rewarded, when, and whom the checks find out. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOfMember } from "../../app/core/referrals/referral-code.ts";
import {
  REFERRAL_ATTRIBUTE,
  USUAL_REFERRALS,
  type ReferralRules,
} from "../../app/core/referrals/referral-rules.ts";
import { memberBalance } from "../../app/db/queries/member-account.server.ts";
import { addMembers, membersOf } from "../../app/db/stores/members.server.ts";
import { referralList } from "../../app/db/queries/referral-list.server.ts";
import {
  addProgrammeVersion,
  findProgramme,
  saveProgramme,
  saveReferrals,
} from "../../app/db/stores/programmes.server.ts";
import { findShopById, lockShop } from "../../app/db/stores/shops.server.ts";
import { changeReferrals } from "../../app/services/loyalty/change-referrals.server.ts";
import { issueRedemption } from "../../app/services/loyalty/issue-redemption.server.ts";
import {
  openReferrals as openReferrals_,
  referralsTable,
} from "../../app/services/loyalty/open-referrals.server.ts";
import { overruleReferral } from "../../app/services/loyalty/overrule-referral.server.ts";
import { settleReferrals } from "../../app/services/loyalty/settle-referrals.server.ts";
import { answerApi } from "../../app/services/api/answer-api.server.ts";
import { PROXY_ACTIONS } from "../../app/services/storefront/answer-shopper.server.ts";
import { takeInvitation } from "../../app/services/storefront/take-invitation.server.ts";
import { redactCustomer } from "../../app/services/privacy/redact-customer.server.ts";
import { syncOrders } from "../../app/services/sync/sync-orders.server.ts";
import type { Database } from "../../app/db/types.ts";
import { openProgramme } from "../support/open-programme.ts";
import { dueReferrals, referralsOfOrders, saveClaim } from "../../app/db/stores/referrals.server.ts";
import { advancePoints } from "../../app/services/loyalty/advance-points.server.ts";
import { checkReferrals } from "../../app/services/loyalty/check-referrals.server.ts";
import * as actions from "../../devstore/state/actions.ts";
import type { OrderInput } from "../../devstore/state/actions.ts";
import type { CustomerState, OrderState } from "../../devstore/state/model.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { startLocalShopify, type LocalShopify } from "../support/local-shopify.ts";
import { makeKey } from "../support/api-requests.ts";
import { makeRules } from "../support/loyalty-rules.ts";
import { redeemOnce } from "../support/redeem-once.ts";
import { openShop, value, workEvents, type OpenShop } from "../support/open-shop.ts";
import { DAY_MS, START } from "../support/orders.ts";

let local: LocalShopify;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(() => local.stop());

const SEED = "0123456789abcdef";
const MEMBERS = {
  email: "ann@example.com",
  shippingCountry: "GB",
  clientIp: "203.0.113.5",
  address: { address1: "12 High Street", address2: null, city: "Leeds", zip: "LS1 4AB" },
  card: { bin: "424242", last4: "4242" },
};
const FRIENDS = {
  email: "ben@example.org",
  shippingCountry: "GB",
  clientIp: "198.51.100.7",
  address: { address1: "3 Mill Lane", address2: null, city: "York", zip: "YO1 7EX" },
  card: { bin: "555555", last4: "4444" },
};
const OTHERS = {
  email: "cal@example.org",
  shippingCountry: "GB",
  clientIp: "192.0.2.8",
  address: { address1: "40 Far Street", address2: null, city: "Bath", zip: "BA1 1AA" },
  card: { bin: "400000", last4: "0002" },
};

describeOnBothDatabases("referrals", (open) => {
  async function openReferrals(facts: Partial<ReferralRules> = {}, windowDays = 0) {
    const at = await openShop(local, await open());
    const { db, shop, shopId, customer: ann } = at;
    const rules = { ...USUAL_REFERRALS, isOn: true, ...facts };
    const memberId = await db.write(async (tx) => {
      await saveProgramme(tx, shopId, { state: "running", membership: "automatic", startedAt: START });
      await addProgrammeVersion(tx, shopId, START, makeRules({ windowDays }));
      await saveReferrals(tx, shopId, rules, SEED);
      return (await addMembers(tx, shopId, [ann.id], START)).get(ann.id) ?? 0;
    });
    const person = (email: string) => value(actions.createCustomer(local.world, shop, { email }));
    const buy = async (customer: CustomerState, input: Partial<OrderInput> = {}) => {
      const lines = [{ variantId: at.product.variantIds[0] ?? 0, quantity: 2 }];
      const order = value(
        actions.createOrder(local.world, shop, { lines, customerId: customer.id, ...input }),
      );
      await workEvents(local, at);
      return order;
    };
    const code = (of = memberId) => codeOfMember(of, SEED);
    const by = (text = code()) => ({ customAttributes: [{ key: REFERRAL_ATTRIBUTE, value: text }] });
    const check = () => checkReferrals(db, shopId, AbortSignal.timeout(20_000));
    const advance = () => advancePoints(db, shopId, AbortSignal.timeout(20_000));
    const referral = async ({ id }: OrderState) => (await referralsOfOrders(db, shopId, [id]))[0];
    const points = async ({ id }: CustomerState) => {
      const member = (await membersOf(db, shopId, [id])).get(id) ?? 0;
      const balance = await memberBalance(db, shopId, member, Date.now());
      return balance ? balance.available + balance.pending - balance.debt : 0;
    };
    /** What both say of themselves; the friend's order comes by the member's code. */
    const refer = async (
      friend: Partial<OrderInput> & { email?: string },
      member: Partial<OrderInput> = MEMBERS,
    ) => {
      await buy(ann, member);
      const ben = person(friend.email ?? "ben@example.org");
      const order = await buy(ben, { ...FRIENDS, ...friend, ...by() });
      await check();
      return { ben, order, found: await referral(order) };
    };
    return { ...at, ann, memberId, person, buy, by, code, check, advance, referral, points, refer };
  }

  const overrule = (at: { db: Database; shopId: number }, referral: string, say: string) =>
    overruleReferral(at.db, at.shopId, { intent: "overrule", referral, say });
  const id = (found: { id: string } | undefined) => found?.id ?? "";
  const refund = (at: OpenShop, order: OrderState) => {
    const lines = order.lines.map((line) => ({ lineId: line.id, quantity: line.quantity }));
    value(actions.refundOrder(local.world, at.shop, { orderId: order.id, lines }));
    return workEvents(local, at);
  };

  it("reward both once the friend's first order has ripened, and once only", async () => {
    const at = await openReferrals();
    const { ben, order, found } = await at.refer({});
    expect(found).toMatchObject({
      verdict: "clear",
      status: "rewarded",
      memberGiven: true,
      friendGiven: true,
    });
    expect(await at.points(at.ann)).toBe(20 + 500);
    expect(await at.points(ben)).toBe(20 + 250);
    await syncOrders(at.db, at.shopId, [order.id]);
    await at.check();
    await at.advance();
    // A second order by the same link is no second friend.
    await at.buy(ben, at.by());
    expect(await at.points(at.ann)).toBe(520);
    expect(await at.points(ben)).toBe(290);
  });

  it("wait for the end of the return window, and come in the transaction that ripens what is due", async () => {
    const at = await openReferrals({}, 14);
    const { ben, found } = await at.refer({});
    expect(found).toMatchObject({ status: "waiting", memberGiven: false });
    expect(await at.points(at.ann)).toBe(20);
    const later = Date.now() + 15 * DAY_MS;
    await at.db.write(async (tx) => {
      const programme = await findProgramme(tx, at.shopId);
      const shop = await lockShop(tx, at.shopId);
      if (programme)
        await settleReferrals(tx, shop, programme, await dueReferrals(tx, at.shopId, later, 9), later);
    });
    expect(await at.points(at.ann)).toBe(520);
    expect(await at.points(ben)).toBe(270);
  });

  it("are lost with an order that is refunded or cancelled before", async () => {
    const at = await openReferrals({}, 14);
    const { order } = await at.refer({});
    await refund(at, order);
    expect(await at.referral(order)).toMatchObject({ status: "lost", lookAt: null });
    const other = await at.refer(OTHERS);
    value(actions.cancelOrder(local.world, at.shop, { orderId: other.order.id }));
    await workEvents(local, at);
    expect(await at.referral(other.order)).toMatchObject({ status: "lost" });
    expect(await at.points(at.ann)).toBe(40);
  });

  it("are taken back with the order afterwards, or not, as the rules said when the friend ordered", async () => {
    const at = await openReferrals();
    const reversed = await at.refer({});
    await refund(at, reversed.order);
    expect(await at.referral(reversed.order)).toMatchObject({ status: "lost", memberGiven: false });
    expect(await at.points(at.ann)).toBe(20);
    expect(await at.points(reversed.ben)).toBe(0);
    const kept = await openReferrals({ isReversed: false });
    const { order, ben } = await kept.refer({});
    await refund(kept, order);
    expect(await kept.referral(order)).toMatchObject({ status: "rewarded", memberGiven: true });
    expect(await kept.points(kept.ann)).toBe(520);
    expect(await kept.points(ben)).toBe(250);
    await syncOrders(kept.db, kept.shopId, [order.id]);
    expect(await kept.points(kept.ann)).toBe(520);
  });

  it("are given again after the merchant took a block back, though the order was refunded meanwhile and the rules leave that", async () => {
    for (const [isReversed, isLost] of [
      [false, false],
      [true, true],
    ] as const) {
      const at = await openReferrals({ isReversed });
      const { ben, order, found } = await at.refer({});
      await overrule(at, id(found), "block");
      expect(await at.points(at.ann)).toBe(20);
      await refund(at, order);
      expect(await at.referral(order)).toMatchObject({ status: "blocked" });
      await overrule(at, id(found), "undo");
      expect(await at.referral(order)).toMatchObject(
        isLost ? { status: "lost", rewardedAt: null } : { status: "rewarded", rewardedAt: found?.rewardedAt },
      );
      expect([await at.points(at.ann), await at.points(ben)]).toEqual(isLost ? [20, 0] : [520, 250]);
    }
    // Refunded before anything was given for it: lost, whoever said what.
    const early = await openReferrals({ isReversed: false }, 14);
    const { order, found } = await early.refer({});
    await overrule(early, id(found), "block");
    await refund(early, order);
    await overrule(early, id(found), "undo");
    expect(await early.referral(order)).toMatchObject({ status: "lost" });
  });

  it("are taken back with a chargeback whatever the rules say of later returns, also of an order that is refunded as well", async () => {
    const at = await openReferrals({ isReversed: false });
    const { ben, order } = await at.refer({});
    const dispute = value(actions.disputeOrder(local.world, at.shop, { orderId: order.id }));
    await refund(at, order);
    await syncOrders(at.db, at.shopId, [order.id]);
    expect(await at.referral(order)).toMatchObject({
      status: "lost",
      memberGiven: false,
      friendGiven: false,
    });
    expect(await at.points(at.ann)).toBe(20);
    value(actions.settleDispute(local.world, at.shop, { disputeId: dispute.id, status: "LOST" }));
    await syncOrders(at.db, at.shopId, [order.id]);
    expect(await at.points(ben)).toBe(0);
  });

  it("want the order that was asked for", async () => {
    const at = await openReferrals({ minimumMinor: 2_001 });
    expect((await at.refer({})).found).toMatchObject({ status: "lost" });
    expect(await at.points(at.ann)).toBe(20);
  });

  it("earn a member something for so many friends only; the friend gets theirs all the same", async () => {
    const at = await openReferrals({ most: 1, per: "year" });
    await at.refer({});
    const { found, ben: cal } = await at.refer(OTHERS, {});
    expect(found).toMatchObject({ status: "limited", memberGiven: false, friendGiven: true });
    expect(await at.points(at.ann)).toBe(40 + 500);
    expect(await at.points(cal)).toBe(270);
  });

  describe("whom the checks find out", () => {
    it.each([
      ["the same card", "card", { card: MEMBERS.card }],
      ["the same client IP", "ip", { clientIp: MEMBERS.clientIp }],
      ["a plus-alias of the member's e-mail", "email", { email: "ann+friend@example.com" }],
    ])("%s", async (_, because, friend) => {
      const at = await openReferrals();
      const { ben, found } = await at.refer(friend);
      expect(found).toMatchObject({ verdict: "blocked", because, status: "blocked" });
      expect(await at.points(at.ann)).toBe(20);
      expect(await at.points(ben)).toBe(20);
    });

    it("the same address with nothing to tell the two apart, and a household with a warning and its rewards", async () => {
      const at = await openReferrals();
      const household = await at.refer({ address: MEMBERS.address });
      expect(household.found).toMatchObject({
        ...{ verdict: "warned", because: "household", status: "rewarded" },
      });
      const cal = at.person("cal@example.org");
      const { clientIp, shippingCountry } = FRIENDS;
      const cardless = { clientIp, shippingCountry };
      const bought = await at.buy(cal, { ...cardless, email: "cal@example.org", address: MEMBERS.address, ...at.by() }); // prettier-ignore
      await at.check();
      expect(await at.referral(bought)).toMatchObject({ verdict: "blocked", because: "address" });
    });

    it("members who order by their own link", async () => {
      const at = await openReferrals();
      const order = await at.buy(at.ann, at.by());
      expect(await at.referral(order)).toMatchObject({ verdict: "blocked", because: "self" });
      expect(await at.points(at.ann)).toBe(20);
    });

    it("customers who ordered before", async () => {
      const at = await openReferrals();
      const ben = at.person("ben@example.org");
      await at.buy(ben);
      const order = await at.buy(ben, at.by());
      expect(await at.referral(order)).toMatchObject({ because: "returning", status: "blocked" });
    });

    it("rings of two and of three", async () => {
      const at = await openReferrals();
      const { db, shopId } = at;
      const people = [at.person("b@example.org"), at.person("c@example.org")] as const;
      const members = await db.write((tx) => addMembers(tx, shopId, people.map((one) => one.id), START)); // prettier-ignore
      const codeOf = (customer: CustomerState) => at.code(members.get(customer.id) ?? 0);
      const [b, c] = people;
      await at.buy(b, at.by());
      const three = await at.buy(c, at.by(codeOf(b)));
      expect((await at.referral(three))?.because).not.toBe("ring");
      const back = await at.buy(at.ann, at.by(codeOf(c)));
      expect(await at.referral(back)).toMatchObject({ verdict: "blocked", because: "ring" });
      const two = await openReferrals();
      const d = two.person("d@example.org");
      const joined = await two.db.write((tx) => addMembers(tx, two.shopId, [d.id], START));
      await two.buy(d, two.by());
      const mutual = await two.buy(two.ann, two.by(two.code(joined.get(d.id))));
      expect(await two.referral(mutual)).toMatchObject({ because: "ring" });
    });

    it("several accounts of one shopper, each by whatever it still has of hers", async () => {
      const at = await openReferrals();
      const accounts: [string, Partial<OrderInput> & { email?: string }][] = [
        ["email", { email: "ann+1@example.com" }],
        ["email", { email: "ANN+2@example.com", ...{ clientIp: "192.0.2.1" } }],
        ["card", { email: "other@example.net", card: MEMBERS.card }],
        ["ip", { email: "third@example.net", clientIp: MEMBERS.clientIp }],
      ];
      for (const [because, account] of accounts) {
        const { ben, found } = await at.refer(account, because === "email" ? MEMBERS : {});
        expect(found).toMatchObject({ verdict: "blocked", because, status: "blocked" });
        // Of the account's own order.
        expect(await at.points(ben)).toBe(20);
      }
      expect(await at.points(at.ann)).toBe(20 * accounts.length);
    });

    it("a stranger with many accounts, who is nothing like the member, from the second on", async () => {
      const at = await openReferrals();
      const own = { ip: "192.0.2.10", card: "1881", address: "9 Dock Road" };
      const order = (email: string, { ip, card, address }: typeof own) => ({
        ...{ email, shippingCountry: "GB", clientIp: ip, card: { bin: "401288", last4: card } },
        address: { address1: address, address2: null, city: "Hull", zip: "HU1 2AB" },
      });
      const fresh = { ip: "192.0.2.11", card: "1882", address: "10 Dock Road" };
      const accounts: [string | null, ReturnType<typeof order>][] = [
        [null, order("eve@example.net", own)],
        ["friend-card", order("e2@example.net", { ...fresh, card: own.card })],
        [
          "friend-ip",
          order("e3@example.net", { ...fresh, ip: own.ip, card: "1883", address: "11 Dock Road" }),
        ],
        [
          "friend-email",
          order("eve+4@example.net", { ip: "192.0.2.14", card: "1884", address: "14 Dock Road" }),
        ],
        // Nothing of the fifth but the address is anybody's: two of one house.
        [
          "friend-household",
          order("e5@example.net", { ip: "192.0.2.15", card: "1885", address: own.address }),
        ],
        [null, order("honest@example.net", { ip: "192.0.2.16", card: "1886", address: "16 Dock Road" })],
      ];
      for (const [because, account] of accounts) {
        const { ben, found } = await at.refer(account, because === null ? MEMBERS : {});
        const isBlocked = because !== null && because !== "friend-household";
        expect(found).toMatchObject({ because, status: isBlocked ? "blocked" : "rewarded" });
        expect(await at.points(ben)).toBe(isBlocked ? 20 : 270);
      }
      expect(await at.points(at.ann)).toBe(20 * accounts.length + 3 * 500);
    });

    it("a ring that closes through somebody whom two have brought, once two customers were merged", async () => {
      const at = await openReferrals();
      const { db, shopId } = at;
      const [b, c, d] = ["b", "c", "d"].map((name) => at.person(`${name}@example.org`));
      if (!b || !c || !d) throw new Error("nobody");
      const members = await db.write((tx) => addMembers(tx, shopId, [b.id, c.id, d.id], START));
      const codeOf = ({ id: customer }: CustomerState) => at.code(members.get(customer) ?? 0);
      // Two accounts of one friend: the first came by Ann, the other by D, who has not ordered yet.
      await at.buy(b, at.by());
      await at.buy(c, at.by(codeOf(d)));
      value(actions.mergeCustomers(local.world, at.shop, { customerOneId: c.id, customerTwoId: b.id }));
      await workEvents(local, at);
      const left = at.shop.customers.has(b.id) ? b : c;
      const back = await at.buy(d, at.by(codeOf(left)));
      expect(await at.referral(back)).toMatchObject({ verdict: "blocked", because: "ring" });
    });

    it("two who turn out to be one person, whose rewards are taken back", async () => {
      const at = await openReferrals();
      const { ben, order } = await at.refer({});
      value(
        actions.mergeCustomers(local.world, at.shop, { customerOneId: ben.id, customerTwoId: at.ann.id }),
      );
      await workEvents(local, at);
      expect(await at.referral(order)).toMatchObject({ because: "self", status: "blocked" });
      const left = at.shop.customers.has(at.ann.id) ? at.ann : ben;
      expect(await at.points(left)).toBe(40);
    });
  });

  it.each([
    ["is refunded", (at: OpenShop, order: OrderState) => refund(at, order)],
    [
      "is cancelled",
      (at: OpenShop, { id: orderId }: OrderState) => {
        value(actions.cancelOrder(local.world, at.shop, { orderId }));
        return workEvents(local, at);
      },
    ],
  ])(
    "are owed by who has spent them when the friend's order %s, and paid by what is earned next",
    async (_, undo) => {
      const at = await openReferrals();
      const { ben, order } = await at.refer({});
      for (const { id: customer } of [at.ann, ben]) {
        const memberId = (await membersOf(at.db, at.shopId, [customer])).get(customer) ?? 0;
        const { available } = (await memberBalance(at.db, at.shopId, memberId, Date.now())) ?? {
          available: 0,
        };
        expect(available).toBeGreaterThan(250);
        expect(
          await redeemOnce(at.db, at.shopId, memberId, {
            redemptionId: `all-${customer}`,
            points: available,
          }),
        ).toBe(true);
      }
      await undo(at, order);
      expect(await at.points(at.ann)).toBe(-500);
      // What the order itself had earned, too.
      expect(await at.points(ben)).toBe(-270);
      await at.buy(ben);
      expect(await at.points(ben)).toBe(-250);
      expect(await at.referral(order)).toMatchObject({ status: "lost" });
    },
  );

  it("of what is compared nothing is kept", async () => {
    const at = await openReferrals();
    await at.refer({ ...FRIENDS, address: MEMBERS.address });
    const rows = JSON.stringify(await at.db.prisma.referral.findMany({ where: { shopId: at.shopId } }), (_, one: unknown) => (typeof one === "bigint" ? String(one) : one)); // prettier-ignore
    for (const secret of [MEMBERS, FRIENDS].flatMap(({ email, clientIp, address, card }) => [
      ...[email, clientIp, address.zip, address.address1, card.bin],
    ]))
      expect(rows).not.toContain(secret);
  });

  it("wait for the merchant where Shopify does not let us compare", async () => {
    const at = await openReferrals();
    await at.buy(at.ann, MEMBERS);
    const ben = at.person("ben@example.org");
    const order = await at.buy(ben, { ...FRIENDS, ...at.by() });
    const scopes = at.shop.installation?.scopes ?? [];
    scopes.splice(0, scopes.length, ...scopes.filter((scope) => !scope.includes("orders")));
    await at.check();
    const found = await at.referral(order);
    expect(found).toMatchObject({ verdict: "unreadable", status: "held", memberGiven: false });
    expect(await overrule(at, id(found), "allow")).toMatchObject({ ok: true });
    expect(await at.referral(order)).toMatchObject({ status: "rewarded" });
  });

  it("are the merchant's to allow and to block, and to undo, each time to the same points", async () => {
    const at = await openReferrals();
    const { ben, order, found } = await at.refer({ card: MEMBERS.card });
    for (let round = 0; round < 2; round += 1) {
      await overrule(at, id(found), "allow");
      await overrule(at, id(found), "allow");
      expect(await at.points(at.ann)).toBe(520);
      expect(await at.points(ben)).toBe(270);
      await overrule(at, id(found), "undo");
      expect(await at.referral(order)).toMatchObject({ status: "blocked", because: "card", overruled: null });
      expect(await at.points(at.ann)).toBe(20);
      expect(await at.points(ben)).toBe(20);
    }
    const fine = await at.refer(OTHERS);
    await overrule(at, id(fine.found), "block");
    expect(await at.points(at.ann)).toBe(40);
    await overrule(at, id(fine.found), "undo");
    expect(await at.points(at.ann)).toBe(540);
    expect(await overrule(at, id(fine.found), "pardon")).toBeNull();
    expect(await overrule(at, crypto.randomUUID(), "allow")).toMatchObject({ ok: false });
  });

  it("give the friend a reward, which is ended with the order", async () => {
    const at = await openProgramme(local, await open());
    const { db, shopId, members, rewards } = at;
    const rules = { ...USUAL_REFERRALS, isOn: true, friend: { kind: "reward", rewardId: rewards["amount-off"].id } } as const; // prettier-ignore
    await db.write(async (tx) => {
      await addProgrammeVersion(tx, shopId, START, makeRules({ windowDays: 0 }));
      await saveReferrals(tx, shopId, rules, SEED);
    });
    const ben = value(actions.createCustomer(local.world, at.shop, { email: "ben@example.org" }));
    const attribute = { key: REFERRAL_ATTRIBUTE, value: codeOfMember(members[0]?.memberId ?? 0, SEED) };
    const lines = [{ variantId: at.product.variantIds[0] ?? 0, quantity: 2 }];
    const order = value(
      actions.createOrder(local.world, at.shop, { lines, customerId: ben.id, ...FRIENDS, customAttributes: [attribute] }),
    ); // prettier-ignore
    await workEvents(local, at);
    await checkReferrals(db, shopId, AbortSignal.timeout(20_000));
    const memberId = (await membersOf(db, shopId, [ben.id])).get(ben.id) ?? 0;
    const [made, ...others] = await db.prisma.redemption.findMany({ where: { shopId, memberId } });
    expect(others).toEqual([]);
    expect(made).toMatchObject({ status: "reserved", points: 0n });
    await issueRedemption(db, shopId, made?.id ?? "", { signal: AbortSignal.timeout(20_000) }, 0);
    await refund(at, order);
    const after = await db.prisma.redemption.findMany({ where: { shopId, memberId } });
    expect(after).toMatchObject([{ status: "issued", cancelAskedAt: expect.any(BigInt) as bigint }]);
  });

  it("are told outside once", async () => {
    const at = await openReferrals();
    await at.db.write((tx) =>
      tx.prisma.eventReceiver.create({
        data: {
          ...{ shopId: at.shopId, id: "hook", url: "https://example.com/", isActive: true },
          ...{ kinds: '["referral.completed"]', createdAt: 0n, changedAt: 0n },
        },
      }),
    );
    const { found } = await at.refer({});
    await overrule(at, id(found), "block");
    await overrule(at, id(found), "undo");
    const told = await at.db.prisma.outgoingEvent.findMany({ where: { shopId: at.shopId } });
    expect(told).toMatchObject([{ kind: "referral.completed", memberId: at.memberId }]);
    expect(JSON.parse(told[0]?.data ?? "")).toMatchObject({
      points: 500,
      friendPoints: 250,
      friendReward: null,
    });
  });

  describe("whose invitation is taken before there is an order", () => {
    const take = (at: { db: Database; shopId: number }, customerId: number, code: string) =>
      takeInvitation(at.db, at.shopId, customerId, code);

    it("count with the first order, however it is placed, and the first invitation counts", async () => {
      const at = await openReferrals();
      const [ben, cal] = [at.person("ben@example.org"), at.person("cal@example.org")];
      const others = await at.db.write((tx) => addMembers(tx, at.shopId, [cal.id], START));
      // As somebody types it.
      const typed = ` ${at.code().toLowerCase().slice(0, 4)} ${at.code().slice(4)}`;
      expect(await take(at, ben.id, typed)).toEqual({ ok: true, message: "invited" });
      expect(await take(at, ben.id, at.code(others.get(cal.id)))).toEqual({ ok: true, message: "invited" });
      expect(await at.db.prisma.referralClaim.findMany({ where: { shopId: at.shopId } })).toMatchObject([
        { customerId: BigInt(ben.id), memberId: at.memberId },
      ]);
      const order = await at.buy(ben, FRIENDS);
      await at.buy(ben, FRIENDS);
      await at.check();
      expect(await at.referral(order)).toMatchObject({ memberId: at.memberId, status: "rewarded" });
      expect(await at.points(at.ann)).toBe(500);
      expect(await at.points(ben)).toBe(40 + 250);
      expect(await at.db.prisma.referralClaim.count({ where: { shopId: at.shopId } })).toBe(0);
    });

    it("is refused to members themselves, to who has ordered, and by a code that is nobody's", async () => {
      const at = await openReferrals();
      const ben = at.person("ben@example.org");
      expect(await take(at, at.ann.id, at.code())).toEqual({ ok: false, reason: "own-code" });
      expect(await take(at, ben.id, "AAAAAAAAA")).toEqual({ ok: false, reason: "no-such-code" });
      expect(await take(at, ben.id, at.code(999))).toEqual({ ok: false, reason: "no-such-code" });
      await at.buy(ben);
      expect(await take(at, ben.id, at.code())).toEqual({ ok: false, reason: "ordered-before" });
      const erased = at.person("gone@example.org");
      await redactCustomer(at.db, at.shopId, erased.id, []);
      expect(await take(at, erased.id, at.code())).toEqual({ ok: false, reason: "no-member" });
      await redactCustomer(at.db, at.shopId, at.ann.id, []);
      const dan = at.person("dan@example.org");
      expect(await take(at, dan.id, at.code())).toEqual({ ok: false, reason: "no-such-code" });
      expect(await at.db.prisma.referralClaim.count({ where: { shopId: at.shopId } })).toBe(0);
      const off = await openReferrals({ isOn: false });
      expect(await take(off, 7, off.code())).toEqual({ ok: false, reason: "no-programme" });
    });

    it("is taken at the shop's own address, by who is logged in, and by no other words", async () => {
      const at = await openReferrals();
      const shop = await findShopById(at.db, at.shopId);
      if (!shop) throw new Error("no shop");
      const ben = at.person("ben@example.org");
      const asked = (body: unknown) => PROXY_ACTIONS["refer"]?.read(body) ?? null;
      for (const wrong of [
        {},
        { code: "" },
        { code: "A".repeat(41) },
        { code: 7 },
        { code: at.code(), customer: 1 },
      ])
        expect(asked(wrong)).toBeNull();
      const shopper = { db: at.db, shop, customerId: ben.id, address: null, body: {} };
      expect(await asked({ code: at.code(), locale: "lv" })?.(shopper)).toEqual({
        ok: true,
        message: "invited",
      });
      expect(await at.db.prisma.referralClaim.count({ where: { shopId: at.shopId } })).toBe(1);
    });
  });

  it("are told to a program that asks for a member, and nothing where members bring nobody", async () => {
    const at = await openReferrals();
    const key = await makeKey(at.db, at.shopId, ["points:read"]);
    const told = async (customer: CustomerState) => {
      const answer = await answerApi(at.db, {
        ...{ method: "GET", url: `https://app.example/api/v1/customers/${customer.id}` },
        ...{ headers: new Headers({ Authorization: `Bearer ${key}` }), address: null },
        read: () => Promise.resolve(Buffer.alloc(0)),
      });
      return ((await answer.json()) as { referral: unknown }).referral;
    };
    const nothing = { completed: 0, waiting: 0, points: 0 };
    expect(await told(at.ann)).toEqual({ code: at.code(), ...nothing });
    const { ben, order } = await at.refer({});
    await at.refer({ email: "cal@example.org", card: MEMBERS.card });
    await at.buy(at.person("dan@example.org"), at.by());
    expect(await told(at.ann)).toEqual({ code: at.code(), completed: 1, waiting: 1, points: 500 });
    expect(await told(ben)).toMatchObject(nothing);
    await refund(at, order);
    expect(await told(at.ann)).toMatchObject({ completed: 0, waiting: 1, points: 0 });
    await at.db.write((tx) => saveReferrals(tx, at.shopId, { ...USUAL_REFERRALS, isOn: false }, SEED));
    expect(await told(at.ann)).toBeNull();
  });

  it("name nobody who was erased, and give them nothing more", async () => {
    const at = await openReferrals({}, 14);
    const { ben, order } = await at.refer({});
    await redactCustomer(at.db, at.shopId, ben.id, [order.id]);
    expect(await at.referral(order)).toMatchObject({ friendId: null });
    await at.db.write((tx) =>
      saveClaim(tx, at.shopId, { customerId: 77, memberId: at.memberId, claimedAt: 1 }),
    );
    await redactCustomer(at.db, at.shopId, at.ann.id, []);
    expect(await at.db.prisma.referralClaim.count({ where: { shopId: at.shopId } })).toBe(0);
  });

  it("are listed with their filters, by pages that do not overlap, and as a file", async () => {
    const at = await openReferrals();
    await at.refer({ card: MEMBERS.card });
    await at.refer(OTHERS, {});
    const shop = await findShopById(at.db, at.shopId);
    if (!shop) throw new Error("no shop");
    const open = (query: string) => openReferrals_(at.db, shop, new URLSearchParams(query));
    expect((await open(""))?.lines).toHaveLength(2);
    expect(await open("show=blocked")).toMatchObject({
      lines: [{ because: "card" }],
      counts: { blocked: 1, rewarded: 1 },
    });
    expect((await open("show=warned"))?.lines).toEqual([]);
    expect((await open(`customer=${at.ann.id}`))?.lines).toHaveLength(2);
    expect((await open("customer=1"))?.lines).toEqual([]);
    const first = await referralList(at.db, at.shopId, { status: null, isWarned: false, memberId: null }, { after: null, size: 1 }); // prettier-ignore
    const second = await referralList(at.db, at.shopId, { status: null, isWarned: false, memberId: null }, { after: first.older, size: 1 }); // prettier-ignore
    expect(new Set([...first.lines, ...second.lines].map((line) => line.id)).size).toBe(2);
    expect(second.older).toBeNull();
    const { rows } = await referralsTable.load(at.db, shop, undefined as never, new URLSearchParams());
    const file = [];
    for await (const row of rows) file.push(row);
    expect(file).toHaveLength(2);
  });

  it("are changed over what they were begun from, and want a reward that is offered", async () => {
    const at = await openReferrals();
    const now = { ...USUAL_REFERRALS, isOn: true };
    const save = (rules: unknown, begunFrom: unknown = now) =>
      changeReferrals(at.db, at.shopId, {
        ...{
          intent: "save-referrals",
          referrals: JSON.stringify(rules),
          begunFrom: JSON.stringify(begunFrom),
        },
      });
    expect(await save({ ...now, memberPoints: 600 })).toMatchObject({ ok: true });
    expect(await save({ ...now, memberPoints: 700 })).toMatchObject({ changedMeanwhile: true });
    const reward = { kind: "reward", rewardId: "none" };
    expect(await save({ ...now, friend: reward }, { ...now, memberPoints: 600 })).toMatchObject({
      ok: false,
    });
    for (const wrong of [
      { ...now, memberPoints: 1e9 },
      { ...now, memberPoints: -1 },
      { ...now, landing: "//evil.example" },
      { ...now, landing: "/\\evil.example" },
      { ...now, landing: "https://evil.example" },
      { ...now, extra: 1 },
    ])
      expect(await save(wrong)).toMatchObject({ ok: false });
    const programme = await findProgramme(at.db, at.shopId);
    expect(programme).toMatchObject({ referrals: { memberPoints: 600 }, referralSeed: SEED });
  });
});
