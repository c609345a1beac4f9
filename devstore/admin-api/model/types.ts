/** All modelled types by name. What is not here, or not in a type's table, is answered NOT_SIMULATED. */
import { bulkTypes } from "./bulk.ts";
import { checkoutTypes } from "./checkout.ts";
import { customerTypes } from "./customer.ts";
import { discountTypes } from "./discount.ts";
import type { Fields } from "./fields.ts";
import { metafieldTypes } from "./metafield.ts";
import { orderTypes } from "./order.ts";
import { paymentTypes } from "./payment.ts";
import { productTypes } from "./product.ts";
import { shopTypes } from "./shop.ts";
import { themeTypes } from "./theme.ts";
import { validationTypes } from "./validation.ts";
import { webhookTypes } from "./webhook.ts";

export const types: Readonly<Record<string, Fields>> = {
  ...bulkTypes,
  ...checkoutTypes,
  ...customerTypes,
  ...discountTypes,
  ...metafieldTypes,
  ...orderTypes,
  ...paymentTypes,
  ...productTypes,
  ...shopTypes,
  ...themeTypes,
  ...validationTypes,
  ...webhookTypes,
};
