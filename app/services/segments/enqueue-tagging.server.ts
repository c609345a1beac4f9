/** The jobs that keep segments' tags up: one when the merchant asks, and one for each of them when a shop's model has been learnt anew. */
import { isSegmentName, type SegmentName } from "../../core/segments/usual-segments.ts";
import type { NewJob } from "../../core/job.ts";
import { enqueueMany } from "../../db/stores/jobs.server.ts";
import { taggedSegments } from "../../db/stores/segment-tags.server.ts";
import type { Transaction } from "../../db/types.ts";

export async function enqueueTagging(
  tx: Transaction,
  shopId: number,
  names?: readonly SegmentName[],
): Promise<void> {
  const asked = names ?? (await taggedSegments(tx, shopId)).filter(isSegmentName);
  await enqueueMany(
    tx,
    asked.map((name) => tagJob(shopId, name)),
  );
}

/** One at a time: they share the shop's points at Shopify. */
function tagJob(shopId: number, name: SegmentName): NewJob<"tag-segment"> {
  return {
    shopId,
    kind: "tag-segment",
    payload: { name },
    key: `tag-segment ${name}`,
    queue: `tags ${shopId}`,
  };
}
