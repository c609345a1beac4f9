/** The version of the Admin API that every request speaks; scripts/shopify-schema.ts checks the next one as well. */
export const ADMIN_API_VERSION = "2026-07";
