/** A workflow of Shopify Flow gives a member points: once for each run of its action, which Flow repeats where it heard no answer. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { adjustPoints } from "../loyalty/adjust-points.server.ts";
import { memberOfCustomer } from "../loyalty/member-of-customer.server.ts";
import type { FlowAnswer } from "./flow-answer.ts";

const MOST_BY_FLOW = 100_000;

/** Flow fills templates in, so numbers arrive as texts. */
const wish = z.object({
  action_run_id: z.string().min(1).max(200),
  properties: z.object({
    customer_id: z
      .union([z.string(), z.number()])
      .transform((id) => Number(/^(?:gid:\/\/shopify\/Customer\/)?([1-9]\d{0,15})$/.exec(String(id))?.[1]))
      .pipe(z.int().positive()),
    points: z
      .union([z.string().regex(/^\d{1,9}(\.0+)?$/), z.number()])
      .transform(Number)
      .pipe(z.int().min(1).max(MOST_BY_FLOW)),
    reason: z.string().trim().min(1).max(200),
  }),
});

const FIELDS: Readonly<Record<string, string>> = {
  customer_id: "The customer is missing.",
  points: `Points have to be a whole number from 1 to ${MOST_BY_FLOW.toLocaleString("en")}.`,
  reason: "A reason of at most 200 characters is needed.",
};

export async function addPointsByFlow(
  db: Database,
  shop: Pick<Shop, "id" | "timeZone">,
  body: unknown,
): Promise<FlowAnswer> {
  const read = wish.safeParse(body);
  if (!read.success) {
    const field = String(read.error.issues[0]?.path[1]);
    return { status: 400, message: FIELDS[field] ?? "The request was not understood." };
  }
  const { action_run_id: runId, properties } = read.data;
  const { customer_id: customerId, points, reason } = properties;
  const programme = await findProgramme(db, shop.id);
  if (!programme || programme.state === "off")
    return { status: 422, message: "The loyalty programme is switched off." };
  const memberId = await memberOfCustomer(db, shop.id, programme, customerId);
  if (memberId === null) return { status: 422, message: "The customer is no member of the programme." };
  const key = `flow-${createHash("sha256").update(runId).digest("hex").slice(0, 32)}`;
  const added = await adjustPoints(db, shop, { key, memberId, points, reason });
  if (added.ok) return { status: 200, message: "The points are added." };
  return added.reason === "other-contents"
    ? { status: 409, message: "This run has added other points before." }
    : { status: 422, message: "The points could not be added." };
}
