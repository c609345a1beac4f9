/** What an app tells Shopify Flow. */
import { receiveTrigger } from "../../flow/workflows.ts";
import { notSimulated, userError } from "../errors.ts";
import { fields } from "../model/fields.ts";
import { userErrorsOf } from "./results.ts";

export const flowMutations = fields<unknown>({
  flowTriggerReceive: (_source, args, { world, shop }) => {
    if (args["body"] !== undefined && args["body"] !== null) throw notSimulated("flowTriggerReceive.body");
    const { handle, payload } = args;
    if (typeof handle !== "string" || payload === undefined || payload === null)
      return { userErrors: [userError(["handle"], "`handle` and `payload` arguments are required")] };
    return { userErrors: userErrorsOf(receiveTrigger(world, shop, handle, payload)) };
  },
});
