/** All mutations that are modelled; the others of the schema are answered NOT_SIMULATED. */
import type { Fields } from "../model/fields.ts";
import { bulkMutations } from "./bulk.ts";
import { customerMutations } from "./customers.ts";
import { discountMutations } from "./discounts.ts";
import { flowMutations } from "./flow.ts";
import { metafieldMutations } from "./metafields.ts";
import { orderMutations } from "./orders.ts";
import { paymentMutations } from "./payments.ts";
import { validationMutations } from "./validations.ts";
import { webhookMutations } from "./webhooks.ts";

export const mutationRoot: Fields = {
  ...bulkMutations,
  ...customerMutations,
  ...discountMutations,
  ...flowMutations,
  ...metafieldMutations,
  ...orderMutations,
  ...paymentMutations,
  ...validationMutations,
  ...webhookMutations,
};
