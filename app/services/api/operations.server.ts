/**
 * What programs can ask, each with the shapes of question and answer. The routes, the checks of what comes in and the OpenAPI document are
 * all made from this one table.
 */
import { z } from "zod";
import { memberBalance } from "../../db/queries/member-account.server.ts";
import { memberStatement } from "../../db/queries/member-statement.server.ts";
import { knownCustomer } from "../../db/queries/known-customer.server.ts";
import { findMember, membersOf } from "../../db/stores/members.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { findRedemption, type Redemption } from "../../db/stores/redemptions.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { adjustPoints } from "../loyalty/adjust-points.server.ts";
import { memberReferrals } from "../loyalty/member-referrals.server.ts";
import { memberOfCustomer } from "../loyalty/member-of-customer.server.ts";
import { redeemReward } from "../loyalty/redeem-reward.server.ts";
import { placeFrom, placeText } from "../loyalty/statement-place.ts";
import { offeredRewards } from "../storefront/offered-rewards.server.ts";
import type { Problem, ProblemKind } from "./problem.ts";
import type { ApiScope } from "./scopes.ts";

const MOST_EARNED = 100_000;
const MOST_ADJUSTED = 1_000_000;
const MOST_LINES = 100;

const moment = z.iso.datetime().describe("UTC");
const points = z.int().describe("Whole points");

const customerId = z
  .string()
  .regex(/^(gid:\/\/shopify\/Customer\/)?[1-9]\d{0,14}$/)
  .describe(
    "Shopify's id of the customer: the number, or the whole gid://shopify/Customer/... percent-encoded",
  );
const reason = z
  .string()
  .regex(/\S/)
  .max(200)
  .describe("Members see it beside the points. No names, addresses or the like");

const balance = z.strictObject({
  available: points.describe("Can be spent now"),
  pending: points.describe("Will be, after the return window"),
  debt: points.describe("Owed; new points pay it first"),
});
const member = z.strictObject({
  customer: z.string().describe("gid://shopify/Customer/..."),
  member: z.int(),
  joined_at: moment,
  points: balance,
  referral: z
    .strictObject({
      code: z.string().describe("Brings a friend: the storefront's link ends in ?ref=CODE"),
      completed: points.describe("Friends who count"),
      waiting: points.describe("Friends whose first order is not safe yet"),
      points: points.describe("What the member has by friends"),
    })
    .nullable()
    .describe("null: referrals are off"),
});
const line = z.strictObject({
  at: moment,
  kind: z.string().describe("earn, survey, adjust, redeem, expire and so on; new ones may be added"),
  source: z.string().describe("What caused it, such as an order's id"),
  available: points.describe("How the available points changed"),
  pending: points,
  debt: points,
  reason: z.string().nullable(),
  available_from: moment.nullable(),
  expires_at: moment.nullable(),
  balance,
});
const statement = z.strictObject({
  transactions: z.array(line),
  next: z.string().nullable().describe("Asks for older ones, as `cursor`; null: there are none"),
});
const reward = z.strictObject({
  id: z.string(),
  name: z.string(),
  kind: z
    .string()
    .describe(
      "amount-off, percentage, free-shipping, free-product, gift-card, store-credit, partner-code, donation, refill, event",
    ),
  cost_points: points,
});
const redemption = z.strictObject({
  redemption: z.string(),
  reward: z.string(),
  points,
  status: z.string().describe("reserved: Shopify is being asked; issued, used, cancelled, expired, failed"),
  code: z.string().nullable().describe("null while it is reserved, and where the reward has none"),
  expires_at: moment,
});
const posted = z.strictObject({
  transaction: z.string().describe("Names it in the member's transactions"),
  points,
  balance,
});

const none = z.strictObject({});
const ofCustomer = z.strictObject({ customer: customerId });

/** What a program is let do. */
interface Program {
  db: Database;
  shop: Shop;
}

type Answer<Content> = { ok: true; content: Content } | ({ ok: false } & Problem);
const done = <Content>(content: Content) => ({ ok: true as const, content });
const refused = (kind: ProblemKind, detail?: string) => ({
  ok: false as const,
  kind,
  ...(detail && { detail }),
});

interface Shapes<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, C extends z.ZodType> {
  /** Of the address, of its query, and of the body; `null`: it has no body. */
  params: P;
  query: Q;
  body: B | null;
  content: C;
}

export interface Asked {
  params: unknown;
  query: unknown;
  body: unknown;
  /** Follows from the program's key and its Idempotency-Key: what is done under it is done once. */
  sourceId: string;
}

export interface Operation extends Shapes<z.ZodType, z.ZodType, z.ZodType, z.ZodType> {
  id: string;
  method: "GET" | "POST";
  /** Below /api/v1; `{customer}` is one segment. */
  path: string;
  summary: string;
  /** `null`: any key. */
  scope: ApiScope | null;
  status: 200 | 201 | 204;
  /** Beside those that any request can have. */
  problems: readonly ProblemKind[];
  /** What was asked is parsed. */
  answer(program: Program, asked: Asked): Promise<Answer<unknown>>;
}

function operation<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, C extends z.ZodType>(
  facts: Omit<Operation, "answer" | keyof Shapes<P, Q, B, C>> &
    Shapes<P, Q, B, C> & {
      answer: (
        program: Program,
        asked: { params: z.infer<P>; query: z.infer<Q>; body: z.infer<B>; sourceId: string },
      ) => Promise<Answer<z.infer<C>>>;
    },
): Operation {
  // What answerApi hands over was parsed by these very shapes.
  return facts;
}

export const OPERATIONS: readonly Operation[] = [
  operation({
    ...{
      id: "ping",
      method: "GET",
      path: "/ping",
      summary: "Is the key valid?",
      scope: null,
      status: 204,
      problems: [],
    },
    ...{ params: none, query: none, body: null, content: z.null() },
    answer: async () => done(null),
  }),
  operation({
    ...{ id: "getCustomer", method: "GET", path: "/customers/{customer}", scope: "points:read", status: 200 },
    ...{ summary: "A customer's points", problems: ["not-found"] },
    ...{ params: ofCustomer, query: none, body: null, content: member },
    answer: getCustomer,
  }),
  operation({
    ...{
      id: "listTransactions",
      method: "GET",
      path: "/customers/{customer}/transactions",
      scope: "points:read",
    },
    ...{
      status: 200,
      summary: "How a customer's points came about, the newest first",
      problems: ["not-found"],
    },
    params: ofCustomer,
    query: z.strictObject({
      limit: z
        .string()
        .regex(/^[1-9]\d{0,2}$/)
        .optional()
        .describe(`At most ${MOST_LINES}; 20 unless told`),
      cursor: z.string().max(120).optional().describe("An earlier answer's `next`"),
    }),
    body: null,
    content: statement,
    answer: listTransactions,
  }),
  operation({
    ...{
      id: "listRewards",
      method: "GET",
      path: "/rewards",
      scope: "points:read",
      status: 200,
      problems: [],
    },
    summary: "What points can be spent on",
    ...{ params: none, query: none, body: null, content: z.strictObject({ rewards: z.array(reward) }) },
    answer: listRewards,
  }),
  operation({
    ...{
      id: "earnPoints",
      method: "POST",
      path: "/customers/{customer}/earn",
      scope: "points:earn",
      status: 201,
    },
    ...{ summary: "Give points", problems: ["not-found", "no-programme", "key-reused"] },
    ...{ params: ofCustomer, query: none, content: posted },
    body: z.strictObject({ points: z.int().min(1).max(MOST_EARNED), reason }),
    answer: (program, { params, body, sourceId }) => post(program, params.customer, { ...body, sourceId }),
  }),
  operation({
    ...{
      id: "adjustPoints",
      method: "POST",
      path: "/customers/{customer}/adjust",
      scope: "points:adjust",
      status: 201,
    },
    summary: "Give or take points",
    problems: ["not-found", "no-programme", "insufficient-points", "key-reused"],
    ...{ params: ofCustomer, query: none, content: posted },
    body: z.strictObject({
      points: z
        .union([z.int().min(-MOST_ADJUSTED).max(-1), z.int().min(1).max(MOST_ADJUSTED)])
        .describe("Negative takes; never more than are available"),
      reason,
    }),
    answer: (program, { params, body, sourceId }) => post(program, params.customer, { ...body, sourceId }),
  }),
  operation({
    ...{
      id: "redeemReward",
      method: "POST",
      path: "/customers/{customer}/redeem",
      scope: "points:redeem",
      status: 201,
    },
    summary: "Spend points on a reward",
    problems: ["not-found", "no-programme", "insufficient-points", "not-offered", "key-reused"],
    ...{ params: ofCustomer, query: none, content: redemption },
    body: z.strictObject({ reward: z.string().regex(/^[\w-]{1,64}$/) }),
    answer: redeem,
  }),
  operation({
    ...{
      id: "getRedemption",
      method: "GET",
      path: "/redemptions/{redemption}",
      scope: "points:redeem",
      status: 200,
    },
    ...{ summary: "What has become of a redemption", problems: ["not-found"] },
    params: z.strictObject({ redemption: z.string().regex(/^[\w-]{1,64}$/) }),
    ...{ query: none, body: null, content: redemption },
    answer: async ({ db, shop }, { params }) => {
      const found = await findRedemption(db, shop.id, params.redemption);
      return found ? done(told(found)) : refused("not-found", "There is no such redemption.");
    },
  }),
];

const NOT_A_MEMBER = refused("not-found", "The customer is no member of the programme.");
const iso = (at: number) => new Date(at).toISOString();
const isoOrNull = (at: number | null) => (at === null ? null : iso(at));
const idOf = (customer: string) => Number(customer.replace("gid://shopify/Customer/", ""));
const gidOf = (id: number) => `gid://shopify/Customer/${id}`;

/** Who the customer is today, as a member. */
async function memberOf({ db, shop }: Program, customer: string) {
  const named = idOf(customer);
  const id = (await knownCustomer(db, shop.id, named)) ?? named;
  const memberId = (await membersOf(db, shop.id, [id])).get(id);
  return memberId === undefined ? null : { customerId: id, memberId };
}

async function balanceOf({ db, shop }: Program, memberId: number) {
  const found = await memberBalance(db, shop.id, memberId, Date.now());
  if (!found) throw new Error(`member ${memberId} has no balance`);
  return { available: found.available, pending: found.pending, debt: found.debt };
}

async function referralOf({ db, shop }: Program, memberId: number) {
  const programme = await findProgramme(db, shop.id);
  const own = (await memberReferrals(db, shop.id, programme, [memberId]))(memberId);
  return own && { code: own.code, completed: own.came, waiting: own.waiting, points: own.points };
}

async function getCustomer(program: Program, { params }: { params: { customer: string } }) {
  const found = await memberOf(program, params.customer);
  const row = found && (await findMember(program.db, program.shop.id, found.memberId));
  if (!found || !row) return NOT_A_MEMBER;
  return done({
    ...{ customer: gidOf(found.customerId), member: found.memberId, joined_at: iso(row.joinedAt) },
    points: await balanceOf(program, found.memberId),
    referral: await referralOf(program, found.memberId),
  });
}

async function listTransactions(
  program: Program,
  {
    params,
    query,
  }: { params: { customer: string }; query: { limit?: string | undefined; cursor?: string | undefined } },
) {
  const found = await memberOf(program, params.customer);
  if (!found) return NOT_A_MEMBER;
  const before = placeFrom(query.cursor ?? null);
  if (query.cursor !== undefined && !before) {
    const errors = [{ at: "cursor", message: "It is not the `next` of an earlier answer" }];
    return { ...refused("not-understood"), errors };
  }
  const size = Math.min(Number(query.limit ?? 20), MOST_LINES);
  const { db, shop } = program;
  const page = await memberStatement(db, shop.id, found.memberId, { before, size, now: Date.now() });
  if (!page) throw new Error(`member ${found.memberId} has no balance`);
  return done({
    transactions: page.lines.map(({ at, kind, sourceId, available, pending, owed, reason, ...rest }) => ({
      ...{ at: iso(at), kind, source: sourceId, available, pending, debt: owed, reason },
      ...{ available_from: isoOrNull(rest.ripensAt), expires_at: isoOrNull(rest.expiresAt) },
      balance: { available: rest.balance.available, pending: rest.balance.pending, debt: rest.balance.owed },
    })),
    next: page.older && placeText(page.older),
  });
}

async function listRewards({ db, shop }: Program) {
  const rewards = await offeredRewards(db, shop);
  return done({
    rewards: rewards.map(({ id, name, gives, costPoints }) => ({
      ...{ id, name, kind: gives.kind, cost_points: costPoints },
    })),
  });
}

async function post(
  program: Program,
  customer: string,
  wish: { points: number; reason: string; sourceId: string },
) {
  const { db, shop } = program;
  const programme = await findProgramme(db, shop.id);
  if (!programme || programme.state === "off") return refused("no-programme");
  const memberId = await memberOfCustomer(db, shop.id, programme, idOf(customer));
  if (memberId === null) return NOT_A_MEMBER;
  const { points: amount, sourceId: key } = wish;
  const adjusted = await adjustPoints(db, shop, {
    key,
    memberId,
    points: amount,
    reason: wish.reason.trim(),
  });
  if (adjusted.ok)
    return done({ transaction: key, points: amount, balance: await balanceOf(program, memberId) });
  switch (adjusted.reason) {
    case "insufficient-points":
      return refused("insufficient-points", `${adjusted.available} points are available.`);
    case "other-contents":
      return refused("key-reused");
    case "no-programme":
    case "no-such-adjustment":
      return refused("no-programme");
  }
}

async function redeem(
  program: Program,
  { params, body, sourceId }: { params: { customer: string }; body: { reward: string }; sourceId: string },
) {
  const found = await memberOf(program, params.customer);
  if (!found) return NOT_A_MEMBER;
  const wish = { memberId: found.memberId, rewardId: body.reward, requestKey: sourceId };
  const redeemed = await redeemReward(program.db, program.shop.id, wish);
  if (redeemed.ok) return done(told(redeemed.redemption));
  switch (redeemed.reason) {
    case "insufficient-points":
      return refused("insufficient-points", `${redeemed.available} points are available.`);
    case "request-key-taken":
      return refused("key-reused");
    case "no-programme":
      return refused("no-programme");
    case "no-such-member":
      return NOT_A_MEMBER;
    case "no-such-reward":
      return refused("not-offered", "There is no such reward, or it is not offered.");
    case "sold-out":
      return refused("not-offered", "None is left.");
    case "limit-reached":
      return refused("not-offered", "The customer has had as many as anybody may.");
    case "too-late":
      return refused("not-offered", "The last day for it is over.");
    case "scope-missing":
      return refused("not-offered", "The merchant has not let Perennial make this kind of reward.");
  }
}

/** A code can be paid with once Shopify knows it. */
function told(redemption: Redemption) {
  const { id, rewardId, points: spent, status, expiresAt, terms } = redemption;
  const hasCode = status === "issued" && terms.gives.kind !== "store-credit";
  return {
    ...{ redemption: id, reward: rewardId, points: spent, status, expires_at: iso(expiresAt) },
    code: hasCode ? redemption.code : null,
  };
}
