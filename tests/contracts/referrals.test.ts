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
import { addProgrammeVersion, saveProgramme, saveReferrals } from "../../app/db/stores/programmes.server.ts";
import { referralsOfOrders } from "../../app/db/stores/referrals.server.ts";
import { advancePoints } from "../../app/services/loyalty/advance-points.server.ts";
import { checkReferrals } from "../../app/services/loyalty/check-referrals.server.ts";
import * as actions from "../../devstore/state/actions.ts";
import type { OrderInput } from "../../devstore/state/actions.ts";
import type { CustomerState, OrderState } from "../../devstore/state/model.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { startLocalShopify, type LocalShopify } from "../support/local-shopify.ts";
import { makeRules } from "../support/loyalty-rules.ts";
import { openShop, value, workEvents } from "../support/open-shop.ts";
import { START } from "../support/orders.ts";

let local: LocalShopify;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(() => local.stop());

const SEED = "0123456789abcdef";
const MEMBERS = {
  email: "ann@example.com",
  clientIp: "203.0.113.5",
  address: { address1: "12 High Street", address2: null, city: "Leeds", zip: "LS1 4AB" },
  card: { bin: "424242", last4: "4242" },
};
const FRIENDS = {
  email: "ben@example.org",
  clientIp: "198.51.100.7",
  address: { address1: "3 Mill Lane", address2: null, city: "York", zip: "YO1 7EX" },
  card: { bin: "555555", last4: "4444" },
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

  it("reward both once the friend's first order has ripened, and once only", async () => {
    const at = await openReferrals();
    const { ben, order, found } = await at.refer({});
    expect(found).toMatchObject({ verdict: "clear", status: "rewarded", memberGiven: true, friendGiven: true });
    expect(await at.points(at.ann)).toBe(20 + 500);
    expect(await at.points(ben)).toBe(20 + 250);
    value(actions.updateCustomer(local.world, at.shop, { customerId: ben.id, tags: ["seen"] }));
    await at.check();
    await at.advance();
    expect(await at.points(at.ann)).toBe(520);
  });
});
