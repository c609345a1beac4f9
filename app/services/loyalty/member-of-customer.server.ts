/** Who a customer is as a member, for whoever gives points from outside: where one becomes a member by ordering, by being given points, too. */
import { knownCustomer } from "../../db/queries/known-customer.server.ts";
import { membersOf } from "../../db/stores/members.server.ts";
import type { Programme } from "../../db/stores/programmes.server.ts";
import type { Database } from "../../db/types.ts";
import { joinProgramme } from "./join-programme.server.ts";

/** `null`: no member, and not to be made one. Nobody is made one whom Shopify has not named as a customer. */
export async function memberOfCustomer(
  db: Database,
  shopId: number,
  { membership }: Pick<Programme, "membership">,
  customerId: number,
): Promise<number | null> {
  const known = await knownCustomer(db, shopId, customerId);
  const id = known ?? customerId;
  const memberId = (await membersOf(db, shopId, [id])).get(id);
  if (memberId !== undefined) return memberId;
  if (membership !== "automatic" || known === null) return null;
  const joined = await joinProgramme(db, shopId, known);
  return joined.ok ? joined.memberId : null;
}
