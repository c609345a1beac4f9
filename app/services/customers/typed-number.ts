/** Shopify's number of somebody, as it is typed into a field or stands in an address. */
import { z } from "zod";

export const typedNumber = z
  .string()
  .trim()
  .regex(/^\d{1,15}$/)
  .transform(Number);
