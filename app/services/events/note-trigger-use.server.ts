/** Shopify Flow tells whether a shop has a workflow that begins with a trigger of ours; it tells again at each change, and not always in order. */
import { z } from "zod";
import { EVENT_KINDS } from "../../core/events/outgoing-event.ts";
import { FLOW_TRIGGERS } from "../../core/events/flow-triggers.ts";
import {
  addReceiver,
  changeReceiver,
  findReceiver,
  flowReceiverId,
} from "../../db/stores/event-receivers.server.ts";
import { deliverJob } from "../../db/stores/outgoing-events.server.ts";
import { enqueue } from "../../db/stores/jobs.server.ts";
import { lockShop, type Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import type { FlowAnswer } from "./flow-answer.ts";

const told = z.object({
  /** The trigger's name; the handle is taken as well. */
  flow_trigger_definition_id: z.string().min(1).max(200),
  has_enabled_flow: z.boolean(),
  timestamp: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
});

export async function noteTriggerUse(
  db: Database,
  { id: shopId }: Pick<Shop, "id">,
  body: unknown,
): Promise<FlowAnswer> {
  const read = told.safeParse(body);
  if (!read.success) return { status: 400, message: "The request was not understood." };
  const { flow_trigger_definition_id: named, has_enabled_flow: isActive, timestamp: at } = read.data;
  const kind = EVENT_KINDS.find((each) => {
    const trigger = FLOW_TRIGGERS[each];
    return trigger?.name === named || trigger?.handle === named;
  });
  const handle = kind && FLOW_TRIGGERS[kind]?.handle;
  if (!kind || handle === undefined) return { status: 422, message: `There is no trigger ${named}.` };
  const id = flowReceiverId(handle);
  await db.write(async (tx) => {
    await lockShop(tx, shopId);
    const known = await findReceiver(tx, shopId, id);
    if (known && known.changedAt > at) return;
    if (known) await changeReceiver(tx, shopId, id, { isActive, changedAt: at });
    else {
      const none = { url: null, secret: null, previousSecret: null, previousUntil: null };
      await addReceiver(tx, shopId, { id, kinds: [kind], isActive, createdAt: at, changedAt: at, ...none });
    }
    // What still waited when the last workflow was turned off goes on.
    if (isActive) await enqueue(tx, deliverJob(shopId, id));
    failpoint("note-trigger-use:before-commit");
  });
  failpoint("note-trigger-use:after-commit");
  return { status: 200, message: isActive ? "The trigger is used." : "The trigger is not used." };
}
