/**
 * What SQLite's planner is told of the tables that grow with a shop. Left alone it takes every index for alike and thinks that a shop has ten
 * rows of each: it then reads all of a shop's orders, lots or redemptions to find a customer's, although there is an index of them. Told and not
 * measured (ANALYZE), so that a plan is the same in every database, also in one that is still empty when it is opened.
 */
import type { Database } from "better-sqlite3";

const ROWS = 1_000_000;
const ROWS_OF_A_SHOP = 100_000;

/**
 * By table and index (a table's own name is its primary key), all of which begin with the shop: about how many of a shop's rows share the
 * second column, the second and third, and so on.
 */
const ALIKE: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  Customer: { Customer: [1], Customer_shopId_version_idx: [100] },
  Order: { Order: [1], Order_shopId_customerId_idx: [4], Order_shopId_version_idx: [100] },
  OrderLine: { OrderLine: [3, 1] },
  Refund: { Refund: [2, 1] },
  // Most members are nobody's alias.
  Member: { Member: [1], Member_shopId_aliasOfId_idx: [1_000], Member_shopId_joinedAt_idx: [2] },
  MemberLink: { MemberLink: [1], MemberLink_shopId_memberId_idx: [1] },
  LedgerTransaction: {
    LedgerTransaction: [20_000, 2, 1],
    LedgerTransaction_shopId_memberId_number_key: [10, 1],
    LedgerTransaction_shopId_kind_at_idx: [20_000, 2],
  },
  LedgerPosting: { LedgerPosting: [20_000, 4, 2, 1] },
  Lot: {
    Lot: [1],
    Lot_shopId_memberId_isOpen_idx: [10, 3],
    Lot_shopId_isOpen_expiresAt_idx: [50_000, 500],
  },
  MemberBalance: { MemberBalance: [1], MemberBalance_shopId_nextDueAt_idx: [100] },
  OrderAccrual: {
    OrderAccrual: [1],
    OrderAccrual_shopId_memberId_idx: [5],
    OrderAccrual_shopId_disputeState_idx: [100],
  },
  Redemption: {
    Redemption: [1],
    Redemption_shopId_requestKey_key: [1],
    Redemption_shopId_code_key: [1],
    Redemption_shopId_memberId_idx: [5],
    Redemption_shopId_usedOrderId_idx: [10],
    Redemption_shopId_rewardId_status_idx: [5_000, 500],
    Redemption_shopId_status_expiresAt_idx: [50_000, 20],
    Redemption_shopId_status_holdEndsAt_idx: [50_000, 20],
  },
};

interface Told {
  tbl: string;
  idx: string;
  stat: string;
}

const TOLD: readonly Told[] = Object.entries(ALIKE).flatMap(([tbl, indexes]) =>
  Object.entries(indexes).map(([idx, alike]) => ({
    ...{ tbl, idx },
    stat: [ROWS, ROWS_OF_A_SHOP, ...alike].join(" "),
  })),
);

/**
 * After migrations, which may have made a table anew and so have dropped what was told of it. Connections read it when they open. Waits for
 * nobody who writes where all has been told.
 */
export function tellPlanner(db: Database): void {
  if (isTold(db)) return;
  // Makes the table of statistics.
  db.exec("ANALYZE sqlite_schema");
  const tell = db.prepare<Told>(`INSERT INTO sqlite_stat1 ("tbl", "idx", "stat") VALUES (@tbl, @idx, @stat)`);
  const tellAll = db.transaction(() => {
    db.exec("DELETE FROM sqlite_stat1");
    for (const told of TOLD) tell.run(told);
  });
  tellAll.immediate();
}

function isTold(db: Database): boolean {
  const hasTable =
    db.prepare(`SELECT 1 FROM sqlite_schema WHERE "name" = 'sqlite_stat1'`).get() !== undefined;
  if (!hasTable) return false;
  const told = db.prepare<[], Told>(`SELECT "tbl", "idx", "stat" FROM sqlite_stat1`).all();
  const known = new Set(told.map((row) => JSON.stringify([row.tbl, row.idx, row.stat])));
  return (
    told.length === TOLD.length &&
    TOLD.every(({ tbl, idx, stat }) => known.has(JSON.stringify([tbl, idx, stat])))
  );
}
