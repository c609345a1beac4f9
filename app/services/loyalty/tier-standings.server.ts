/** In which tiers members are at a moment, by the tiers of the programme's last version. */
import { shopCalendar } from "../../core/calendar.ts";
import { countsFrom, standingAt, type Standing } from "../../core/loyalty/tier-standing.ts";
import { tierFacts } from "../../db/queries/tier-facts.server.ts";
import type { Programme } from "../../db/stores/programmes.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Reading } from "../../db/types.ts";

/** Nobody where there are no tiers; who has been erased is missing. */
export async function tierStandings(
  db: Reading,
  { id: shopId, timeZone }: Pick<Shop, "id" | "timeZone">,
  programme: Programme | null,
  memberIds: readonly number[],
  now: number,
): Promise<Map<number, Standing>> {
  const tiers = programme?.versions.at(-1)?.rules.tiers;
  if (!tiers || memberIds.length === 0) return new Map();
  const calendar = shopCalendar(timeZone);
  const facts = await tierFacts(db, shopId, tiers, memberIds, countsFrom(tiers, now, calendar));
  return new Map([...facts].map(([memberId, own]) => [memberId, standingAt(tiers, own, now, calendar)]));
}
