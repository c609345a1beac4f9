/** What a member has redeemed and not used up yet, under this and every former number, the newest first. */
import type { RedemptionTerms } from "../../core/loyalty/reward.ts";
import { clearCode } from "../gift-card-code.server.ts";
import { listOf } from "../bulk/list-of.ts";
import { Prisma, type Redemption } from "../generated/sqlite/client.ts";
import type { Plain } from "../plain.ts";
import type { Reading } from "../types.ts";

export interface MemberCode {
  id: string;
  rewardId: string;
  terms: RedemptionTerms;
  /** `held`: in a checkout. */
  status: "reserved" | "issued" | "held";
  /** `null`: there is none, or whoever has it could pay with it. */
  code: string | null;
  codeEnd: string;
  expiresAt: number;
}

const LETTERS_SHOWN = 4;

export async function memberCodes(
  db: Reading,
  shopId: number,
  memberId: number,
  limit: number,
): Promise<MemberCode[]> {
  const former = await db.sql.rows<{ id: number }>(
    Prisma.sql`SELECT "id" FROM "Member" WHERE "shopId" = ${shopId} AND "aliasOfId" = ${memberId}`,
  );
  const own = listOf(db, [memberId, ...former.map(({ id }) => id)], "int");
  const rows = await db.sql.rows<Plain<Redemption>>(
    Prisma.sql`SELECT * FROM "Redemption" WHERE "shopId" = ${shopId} AND "memberId" IN ${own}
      AND "status" IN ('reserved', 'issued') ORDER BY "reservedAt" DESC, "id" DESC LIMIT ${limit}`,
  );
  return rows.map((row) => {
    const { id, rewardId, code, expiresAt, holdEndsAt } = row;
    // Written by addRedemption only.
    const terms = JSON.parse(row.terms) as RedemptionTerms;
    // Shopify tells customers of their gift cards, and nobody but us tells them of a partner's code.
    const isOpen =
      row.status === "issued" && terms.gives.kind !== "gift-card" && terms.gives.kind !== "store-credit";
    return {
      ...{ id, rewardId, terms, code: isOpen && code !== null ? clearCode(code, id) : null },
      status: holdEndsAt !== null ? "held" : row.status === "issued" ? "issued" : "reserved",
      codeEnd: (code ?? "").slice(-LETTERS_SHOWN),
      expiresAt: expiresAt ?? 0,
    };
  });
}
