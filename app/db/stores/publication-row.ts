/** What stands in an owner's metafields, as its row keeps it. */
import type { Publication as PublicationRow } from "../generated/sqlite/client.ts";
import { plain } from "../plain.ts";

/** By key, a hash of the value and Shopify's digest of it. */
export type Written = Readonly<Record<string, readonly [hash: string, digest: string]>>;

export interface Publication {
  ownerId: number;
  wishes: number;
  written: Written;
}

export function publicationFrom(row: PublicationRow): Publication {
  const { ownerId, wishes, written } = plain(row);
  // Written by settlePublications only.
  return { ownerId, wishes, written: JSON.parse(written) as Written };
}
