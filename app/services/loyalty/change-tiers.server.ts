/** What a merchant can do with the tiers: see what a change would do to the members, and make it. */
import { z } from "zod";
import { shopCalendar } from "../../core/calendar.ts";
import type { TiersCount } from "../../core/loyalty/tiers-count.ts";
import { countsFrom, tierAt } from "../../core/loyalty/tier-standing.ts";
import { rankOf, type TierRules } from "../../core/loyalty/tiers.ts";
import { tierFacts } from "../../db/queries/tier-facts.server.ts";
import { enqueue } from "../../db/stores/jobs.server.ts";
import { presentMembersAfter } from "../../db/stores/members.server.ts";
import { addProgrammeVersion, findProgramme } from "../../db/stores/programmes.server.ts";
import { publishOffersLater } from "../../db/stores/publications.server.ts";
import { lockShop, type Shop } from "../../db/stores/shops.server.ts";
import { markTiersJudged, memberTiers } from "../../db/stores/tiers.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { judgeTiersJob } from "./judge-tiers.server.ts";
import { parseTiers } from "./tiers-input.server.ts";

const tiersText = z.string().max(50_000);
const wish = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("save-tiers"), tiers: tiersText, version: z.coerce.number().int().min(1) }),
  z.object({ intent: z.literal("count-tiers"), tiers: tiersText, after: z.coerce.number().int().min(0) }),
]);

interface TiersSaved {
  ok: boolean;
  message: string;
  /** Somebody else saved the rules first. */
  changedMeanwhile?: boolean;
}

/** `null`: nothing that can be asked. */
export async function changeTiers(
  db: Database,
  shop: Shop,
  form: Record<string, unknown>,
  now = Date.now(),
): Promise<TiersSaved | TiersCount | null> {
  const asked = wish.safeParse(form);
  if (!asked.success) return null;
  const tiers = parseTiers(asked.data.tiers);
  if (!tiers) return { ok: false, message: "These tiers make no sense" };
  if (asked.data.intent === "count-tiers") return countSome(db, shop, tiers, asked.data.after, now);
  return save(db, shop.id, tiers, asked.data.version, now);
}

async function save(
  db: Database,
  shopId: number,
  tiers: TierRules,
  version: number,
  now: number,
): Promise<TiersSaved> {
  const saved = await db.write(async (tx): Promise<TiersSaved> => {
    await lockShop(tx, shopId);
    const programme = await findProgramme(tx, shopId);
    const latest = programme?.versions.at(-1);
    if (!latest) return { ok: false, message: "There is no programme yet" };
    if (latest.version !== version) {
      return { ok: false, message: "Somebody else changed the rules meanwhile", changedMeanwhile: true };
    }
    await addProgrammeVersion(tx, shopId, Math.max(now, latest.validFrom), { ...latest.rules, tiers });
    await markTiersJudged(tx, shopId, { cursor: 0 });
    await publishOffersLater(tx, shopId);
    await enqueue(tx, judgeTiersJob(shopId));
    failpoint("change-tiers:before-commit");
    return { ok: true, message: "The tiers are saved" };
  });
  failpoint("change-tiers:after-commit");
  return saved;
}

const MEMBERS_AT_ONCE = 500;
/** Long enough to be worth a question, short enough for a page that waits. */
const PATIENCE_MS = 2_000;

/** As many members as are counted in two seconds; the page asks on from there. */
async function countSome(
  db: Database,
  { id: shopId, timeZone }: Shop,
  tiers: TierRules,
  after: number,
  now: number,
): Promise<TiersCount> {
  const calendar = shopCalendar(timeZone);
  const from = countsFrom(tiers, now, calendar);
  const count = { up: 0, down: 0, same: 0 };
  const byTier: Record<string, number> = {};
  const until = performance.now() + PATIENCE_MS;
  let last: number | null = after;
  while (last !== null && performance.now() < until) {
    const members = await presentMembersAfter(db, shopId, last, MEMBERS_AT_ONCE);
    const stored = await memberTiers(db, shopId, members);
    for (const [memberId, facts] of await tierFacts(db, shopId, tiers, members, from)) {
      const tierId = tierAt(tiers, facts, now, calendar);
      const difference = rankOf(tiers, tierId) - rankOf(tiers, stored.get(memberId)?.tierId ?? null);
      count[difference > 0 ? "up" : difference < 0 ? "down" : "same"] += 1;
      if (tierId !== null) byTier[tierId] = (byTier[tierId] ?? 0) + 1;
    }
    last = members.length < MEMBERS_AT_ONCE ? null : (members.at(-1) ?? null);
  }
  return { ok: true, message: "", ...count, byTier, after: last };
}
