/** Starts a shop's workflows of Shopify Flow that begin with one of our triggers. Flow knows no key that would tell a repetition: the payload carries one. */
import { failpoint } from "../observability/failpoint.ts";
import type { AdminClient } from "./admin-client.server.ts";
import { TRIGGER_FLOW } from "./operations/flow.ts";
import { ShopifyError } from "./shopify-error.ts";

/** Throws a ShopifyError; one of kind `refused` where Flow would not have it. */
export async function triggerFlow(
  client: AdminClient,
  handle: string,
  payload: Readonly<Record<string, string | number>>,
): Promise<void> {
  failpoint("trigger-flow:before-send");
  const { flowTriggerReceive } = await client.request(TRIGGER_FLOW, { handle, payload });
  failpoint("trigger-flow:after-send");
  const [error] = flowTriggerReceive?.userErrors ?? [];
  if (error) throw new ShopifyError("refused", error.message.replaceAll(/\s+/g, " ").trim());
}
