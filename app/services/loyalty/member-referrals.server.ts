/** A member's code, and what has come of it, as their own pages and the merchant's show it. */
import { codeOfMember } from "../../core/referrals/referral-code.ts";
import type { MemberReferral } from "../../core/storefront/customer-profile.ts";
import { friendsOfMembers } from "../../db/queries/referral-list.server.ts";
import type { Programme } from "../../db/stores/programmes.server.ts";
import type { Reading } from "../../db/types.ts";

/** By member; `null` where members bring nobody. */
export async function memberReferrals(
  db: Reading,
  shopId: number,
  programme: Programme | null,
  memberIds: readonly number[],
): Promise<(memberId: number) => MemberReferral | null> {
  const seed = programme?.referralSeed ?? null;
  if (!programme?.referrals?.isOn || seed === null) return () => null;
  const friendsOf = await friendsOfMembers(db, shopId, memberIds);
  return (memberId) => ({ code: codeOfMember(memberId, seed), ...friendsOf(memberId) });
}
