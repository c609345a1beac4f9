/** The page of what members earn for beside orders, with what has been earned so far. */
import { countDeeds } from "../../db/queries/member-deeds.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";

/** `null`: there is no programme. */
export async function openActivities(db: Database, { id: shopId }: Pick<Shop, "id">) {
  const programme = await findProgramme(db, shopId);
  if (!programme) return null;
  const { activities } = programme;
  return {
    activities,
    earned: await countDeeds(
      db,
      shopId,
      activities.map(({ key }) => key),
    ),
  };
}
