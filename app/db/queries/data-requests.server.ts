/** Customers' requests for their data, and all that is stored about one customer for the file that answers one. */
import type { TierEntry } from "../../core/loyalty/tier-entries.ts";
import { explain, memberSums, type ExplainedLine, type MemberSums } from "../../core/loyalty/explain.ts";
import { clearCode } from "../gift-card-code.server.ts";
import { plain, type Plain } from "../plain.ts";
import type {
  AbandonedCheckout,
  RiskFall,
  Customer,
  DataRequest as DataRequestRow,
  Order,
  OrderLine,
  Redemption,
  Refund,
  SurveyAnswer,
} from "../generated/sqlite/client.ts";
import type { DataRequest } from "../stores/data-requests.server.ts";
import { publicationsOf } from "../stores/publications.server.ts";
import { referralFrom, referralsOfFriends, type Referral } from "../stores/referrals.server.ts";
import {
  grantsOf,
  memberTiers,
  openEntries,
  type MemberTier,
  type TierGrant,
} from "../stores/tiers.server.ts";
import { expiryReminders, type ExpiryReminder } from "../stores/expiry-reminders.server.ts";
import type { Reading } from "../types.ts";
import { memberTransactions } from "./member-account.server.ts";

export type StoredDataRequest = DataRequest & { downloadedAt: number | null };

/** Newest first. */
export async function dataRequests(db: Reading, shopId: number): Promise<StoredDataRequest[]> {
  const rows = await db.prisma.dataRequest.findMany({ where: { shopId }, orderBy: { requestedAt: "desc" } });
  return rows.map(stored);
}

export async function dataRequest(
  db: Reading,
  shopId: number,
  id: string,
): Promise<StoredDataRequest | null> {
  const row = await db.prisma.dataRequest.findUnique({ where: { shopId_id: { shopId, id } } });
  return row && stored(row);
}

function stored(row: DataRequestRow): StoredDataRequest {
  const { id, customerId, orderIds, requestedAt, downloadedAt } = plain(row);
  return { id, customerId, orderIds: JSON.parse(orderIds) as number[], requestedAt, downloadedAt };
}

export interface CustomerData {
  customer: Plain<Omit<Customer, "shopId">> | null;
  /** Ids that were merged into this customer. */
  formerIds: number[];
  orders: (Plain<Omit<Order, "shopId">> & {
    lines: Plain<Omit<OrderLine, "shopId">>[];
    refunds: Plain<Omit<Refund, "shopId">>[];
    /** What the customer said of it. */
    survey: Plain<Omit<SurveyAnswer, "shopId" | "orderId">> | null;
  })[];
  checkouts: Plain<Omit<AbandonedCheckout, "shopId">>[];
  /** Segments whose tag the customer may carry at Shopify. */
  segmentTags: string[];
  /** The last silence in which the risk of losing them became high. */
  atRisk: Plain<Omit<RiskFall, "shopId" | "customerId">> | null;
  /** Keys of the customer's metafields at Shopify that were written for the storefront. */
  metafields: string[];
  /** What the customer has as a member of the loyalty programme, and how it came to that. */
  loyalty: MemberData | null;
  /** By whose invitation the customer came, and what was found; who that is is not told. */
  referred: Pick<
    Referral,
    "orderId" | "referredAt" | "terms" | "verdict" | "because" | "overruled" | "status" | "friendGiven"
  >[];
  /** When the customer took an invitation that waits for an order. */
  invitedAt: number | null;
}

interface MemberData {
  memberId: number;
  joinedAt: number | null;
  /** As it was after the last line. */
  balance: MemberSums;
  lines: ExplainedLine[];
  redemptions: Plain<Omit<Redemption, "shopId" | "requestKey">>[];
  /** In which tier, what was entered and not left, and tiers that were given by hand. */
  tier: Omit<MemberTier, "memberId"> | null;
  tierEntries: TierEntry[];
  tierGrants: Omit<TierGrant, "memberId">[];
  /** Of points about to expire. */
  reminders: Omit<ExpiryReminder, "memberId">[];
  /** Friends whom the member has brought: what became of it, and nothing that is about the friend. */
  brought: Pick<Referral, "referredAt" | "terms" | "status" | "memberGiven" | "rewardedAt">[];
}

/** Everything stored about a customer; orders are the customer's and those that Shopify names. */
export async function customerData(
  db: Reading,
  shopId: number,
  customerId: number,
  orderIds: readonly number[],
): Promise<CustomerData> {
  const customer = await db.prisma.customer.findUnique({
    where: { shopId_id: { shopId, id: customerId } },
    omit: { shopId: true },
  });
  const aliases = await db.prisma.customerAlias.findMany({ where: { shopId, toId: customerId } });
  const orders = await db.prisma.order.findMany({
    where: { shopId, OR: [{ customerId }, { id: { in: [...orderIds] } }] },
    orderBy: [{ placedAt: "asc" }, { id: "asc" }],
    omit: { shopId: true },
  });
  const ofOrders = { shopId, orderId: { in: orders.map(({ id }) => id) } };
  const lines = await db.prisma.orderLine.findMany({
    where: ofOrders,
    orderBy: { id: "asc" },
    omit: { shopId: true },
  });
  const refunds = await db.prisma.refund.findMany({
    where: ofOrders,
    orderBy: { id: "asc" },
    omit: { shopId: true },
  });
  const answers = await db.prisma.surveyAnswer.findMany({ where: ofOrders, omit: { shopId: true } });
  const said = new Map(answers.map(({ orderId, ...answer }) => [orderId, plain(answer)]));
  const checkouts = await db.prisma.abandonedCheckout.findMany({
    where: { shopId, customerId },
    orderBy: { createdAt: "asc" },
    omit: { shopId: true },
  });
  const segmentTags = await db.prisma.segmentTag.findMany({
    where: { shopId, customerId },
    orderBy: { name: "asc" },
  });
  const atRisk = await db.prisma.riskFall.findUnique({
    where: { shopId_customerId: { shopId, customerId } },
    omit: { shopId: true, customerId: true },
  });
  const claim = await db.prisma.referralClaim.findUnique({
    where: { shopId_customerId: { shopId, customerId } },
  });
  const publication = (await publicationsOf(db, shopId, "customer", [customerId])).get(customerId);
  const of = <Row extends { orderId: bigint }>(rows: Row[], orderId: bigint) =>
    rows.filter((row) => row.orderId === orderId).map(plain);
  return {
    customer: customer && plain(customer),
    formerIds: aliases.map(({ fromId }) => Number(fromId)),
    orders: orders.map((order) => ({
      ...plain(order),
      lines: of(lines, order.id),
      refunds: of(refunds, order.id),
      survey: said.get(order.id) ?? null,
    })),
    checkouts: checkouts.map(plain),
    segmentTags: segmentTags.map(({ name }) => name),
    atRisk: atRisk && plain(atRisk),
    metafields: Object.keys(publication?.written ?? {}),
    loyalty: await memberData(db, shopId, customerId),
    referred: (await referralsOfFriends(db, shopId, [customerId])).map(
      ({ orderId, referredAt, terms, verdict, because, overruled, status, friendGiven }) => {
        return { orderId, referredAt, terms, verdict, because, overruled, status, friendGiven };
      },
    ),
    invitedAt: claim && Number(claim.claimedAt),
  };
}

function withoutMember<Row extends { memberId: number }>({
  memberId: _,
  ...row
}: Row): Omit<Row, "memberId"> {
  return row;
}

async function memberData(db: Reading, shopId: number, customerId: number): Promise<MemberData | null> {
  const link = await db.prisma.memberLink.findUnique({
    where: { shopId_customerId: { shopId, customerId } },
  });
  if (!link) return null;
  const { memberId } = link;
  const member = await db.prisma.member.findUnique({ where: { shopId_id: { shopId, id: memberId } } });
  const { memberIds, transactions } = await memberTransactions(db, shopId, memberId);
  const redemptions = await db.prisma.redemption.findMany({
    where: { shopId, memberId: { in: [...memberIds] } },
    orderBy: [{ reservedAt: "asc" }, { id: "asc" }],
    omit: { shopId: true, requestKey: true },
  });
  const tier = (await memberTiers(db, shopId, [memberId])).get(memberId);
  const grants = await grantsOf(db, shopId, [memberId]);
  const brought = (
    await db.prisma.referral.findMany({ where: { shopId, memberId }, orderBy: { referredAt: "asc" } })
  ).map(referralFrom);
  const reminders = await expiryReminders(db, shopId, { memberIds: [...memberIds], limit: 1_000 });
  return {
    memberId,
    joinedAt: member && Number(member.joinedAt),
    balance: memberSums(transactions, memberIds),
    lines: explain(transactions, memberIds),
    redemptions: redemptions.map((row) => {
      return { ...plain(row), code: row.code === null ? null : clearCode(row.code, row.id) };
    }),
    tier: tier ? withoutMember(tier) : null,
    tierEntries: (await openEntries(db, shopId, [memberId])).get(memberId) ?? [],
    tierGrants: grants.map(withoutMember),
    reminders: reminders.map(withoutMember),
    brought: brought.map(({ referredAt, terms, status, memberGiven, rewardedAt }) => {
      return { referredAt, terms, status, memberGiven, rewardedAt };
    }),
  };
}
