/**
 * The audience file of a segment: SHA-256 of the e-mail addresses of those who agreed to marketing, as advertising platforms take them. The
 * addresses come from Shopify while the file is made, are hashed as they come, and are kept nowhere.
 */
import { createHash } from "node:crypto";
import type { CsvRow } from "../../core/csv.ts";
import type { SegmentRule } from "../../core/segments/segment-rule.ts";
import { isSegmentName } from "../../core/segments/usual-segments.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import type { AdminClient } from "../../shopify/admin-client.server.ts";
import { gidOf } from "../../shopify/gid.ts";
import { CUSTOMER_CONSENTS } from "../../shopify/operations/segments.ts";
import { adminFor } from "../access/admin-access.server.ts";
import type { ExportTable } from "../metrics/export-table.ts";
import { inChunks } from "../sync/chunks.ts";
import { customersBehind } from "./segment-customers.server.ts";
import { segmentRules } from "./segment-rules.server.ts";

/** Each costs up to two points of the thousand that one question may. */
const CUSTOMERS_AT_ONCE = 250;

export const audienceTable: ExportTable = {
  name: "audience",
  usual: null,
  /** Of the segment in the parameter `segment`. */
  async load(db, shop, _view, params) {
    const name = params.get("segment");
    const rule = isSegmentName(name) ? (await segmentRules(db, shop.id))[name] : null;
    return { headings: ["email_sha256"], rows: rule ? audience(db, shop, rule) : [] };
  },
};

async function* audience(db: Database, shop: Shop, rule: SegmentRule): AsyncGenerator<CsvRow> {
  let client: AdminClient | null = null;
  for await (const some of customersBehind(db, shop, rule, false)) {
    for (const ids of inChunks(
      some.map(({ customerId }) => customerId),
      CUSTOMERS_AT_ONCE,
    )) {
      client ??= await adminFor(db, shop.id);
      for (const address of await consentedAddresses(client, ids)) yield [hashedAddress(address)];
    }
  }
}

async function consentedAddresses(client: AdminClient, ids: readonly number[]): Promise<string[]> {
  const { nodes } = await client.request(CUSTOMER_CONSENTS, { ids: ids.map((id) => gidOf("Customer", id)) });
  return nodes.flatMap((node) => {
    const email = node && "defaultEmailAddress" in node ? node.defaultEmailAddress : null;
    return email?.marketingState === "SUBSCRIBED" ? [email.emailAddress] : [];
  });
}

/** Of the address without surrounding space and in lower case, as the platforms write it before they hash. */
function hashedAddress(address: string): string {
  return createHash("sha256").update(address.trim().toLowerCase()).digest("hex");
}
