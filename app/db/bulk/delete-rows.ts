/** Deletes what a shop has in a table a few rows at a time: on SQLite every writer waits for the whole of one transaction. */
import type { Prisma } from "../generated/sqlite/client.ts";
import type { Transaction } from "../types.ts";

export type ShopTable = Exclude<Prisma.ModelName, "Shop" | "Job">;

/** Every table whose rows are a shop's, with its key after the shop's id. A model that is missing here does not compile. */
const KEYS: Readonly<Record<ShopTable, readonly string[]>> = {
  Session: [],
  SyncState: [],
  OrderLine: ["orderId", "id"],
  Refund: ["orderId", "id"],
  Order: ["id"],
  OrderTombstone: ["orderId"],
  Customer: ["id"],
  CustomerAlias: ["fromId"],
  Erasure: ["subjectHash"],
  ProductVariant: ["id"],
  Product: ["id"],
  UnitCost: ["variantId", "validFrom"],
  AbandonedCheckout: ["id"],
  InboxEvent: ["topic", "eventId"],
  BackfillWindow: ["resource", "fromAt"],
  Reconciliation: ["id"],
  UnreadableRecord: ["resource", "id"],
  DataRequest: ["id"],
  ValueModel: [],
  RiskFall: ["customerId"],
  ProductAccess: ["productId"],
  RecommendationSettings: [],
  Segment: ["name"],
  AcquisitionCost: ["month"],
  SegmentTagging: ["name"],
  SegmentTag: ["name", "customerId"],
  LoyaltyProgramme: [],
  ProgrammeVersion: ["version"],
  Reward: ["id"],
  RewardUnit: ["rewardId", "position"],
  Redemption: ["id"],
  OrderAccrual: ["orderId"],
  SurveyAnswer: ["orderId"],
  LedgerPosting: ["kind", "sourceId", "sequence", "position"],
  LedgerTransaction: ["kind", "sourceId", "sequence"],
  Lot: ["id"],
  MemberBalance: ["memberId"],
  MemberTier: ["memberId"],
  TierEntry: ["memberId", "sequence"],
  TierGrant: ["id"],
  Referral: ["id"],
  ReferralClaim: ["customerId"],
  MemberLink: ["customerId"],
  Member: ["id"],
  PointsMonth: ["month"],
  ExpiryReminder: ["memberId", "expiresAt"],
  DryRun: ["id"],
  DryRunOrder: ["runId", "orderId"],
  PointsImportRow: ["importId", "row"],
  PointsImport: ["id"],
  Storefront: [],
  Publication: ["ownerType", "ownerId"],
  BulkPublication: [],
  StorefrontText: ["language", "key"],
  EventDelivery: ["eventId", "receiverId"],
  OutgoingEvent: ["id"],
  EventReceiver: ["id"],
  ApiAnswer: ["keyId", "requestKey"],
  ApiKey: ["id"],
  CronTick: ["kind"],
};

export const SHOP_TABLES = Object.keys(KEYS) as ShopTable[];

/** After the shop's id. */
export function keyColumns(table: ShopTable): readonly string[] {
  return KEYS[table];
}

/** Deletes at most `limit` rows, in the key's order, and answers how many. The same SQL on both databases. */
export async function deleteSomeRows(
  tx: Transaction,
  shopId: number,
  table: ShopTable,
  limit: number,
): Promise<number> {
  const [shop, most] = tx.dialect === "sqlite" ? ["?", "?"] : ["$1::int", "$2::int"];
  const key = ["shopId", ...KEYS[table]].map((column) => `"${column}"`).join(", ");
  return tx.prisma.$executeRawUnsafe(
    `DELETE FROM "${table}" WHERE (${key}) IN (
       SELECT ${key} FROM "${table}" WHERE "shopId" = ${shop} ORDER BY ${key} LIMIT ${most})`,
    shopId,
    limit,
  );
}
