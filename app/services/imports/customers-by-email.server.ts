/** The shop's customers by e-mail address, read from one bulk query into memory: the addresses are kept nowhere and gone with the map. */
import type { Assembly } from "../../shopify/bulk-assembly.ts";
import { readBulkResult, type BulkResult } from "../../shopify/bulk.server.ts";
import { idOf } from "../../shopify/gid.ts";

export interface CustomersByEmail {
  /** `null`: nobody, or more than one. */
  ofEmail(email: string): number | null;
  has(customerId: number): boolean;
}

interface CustomerNode {
  id: string;
  defaultEmailAddress: { emailAddress: string } | null;
}

const SEVERAL = 0;

export async function customersByEmail(result: BulkResult, signal: AbortSignal): Promise<CustomersByEmail> {
  const [customers] = await readBulkResult(result, byEmailAssembly, { signal });
  return customers ?? { ofEmail: () => null, has: () => false };
}

/** Keeps no row beside the two: a shop may have a million. */
function byEmailAssembly(): Assembly<CustomersByEmail> {
  const byEmail = new Map<string, number>();
  const ids = new Set<number>();
  let objectCount = 0;
  return {
    add(row) {
      objectCount += 1;
      const { id, defaultEmailAddress } = row as unknown as CustomerNode;
      const customerId = idOf(id);
      ids.add(customerId);
      const email = defaultEmailAddress?.emailAddress.trim().normalize("NFC").toLowerCase();
      if (email) byEmail.set(email, byEmail.has(email) ? SEVERAL : customerId);
    },
    finish: () => [{ ofEmail: (email) => byEmail.get(email) || null, has: (id) => ids.has(id) }],
    get objectCount() {
      return objectCount;
    },
    get rootCount() {
      return objectCount;
    },
  };
}
