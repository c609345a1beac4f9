/**
 * Metafields at Shopify, 25 in one call and all or none. Each is written only where it still is what we know it to be: so nothing newer is
 * ever overwritten, and a call whose answer was lost can simply be made again.
 */
import { z } from "zod";
import { OWN_NAMESPACE, APP_NAMESPACE, type OwnerType } from "../core/storefront/metafields.ts";
import { failpoint } from "../observability/failpoint.ts";
import type { AdminClient } from "./admin-client.server.ts";
import { gidOf } from "./gid.ts";
import {
  DELETE_METAFIELDS,
  METAFIELDS_BY_OWNER,
  OWN_PLACES,
  SET_METAFIELDS,
} from "./operations/metafields.ts";
import { ShopifyError } from "./shopify-error.ts";

export const METAFIELDS_AT_ONCE = 25;

export interface MetafieldWrite {
  /** Global id. */
  owner: string;
  key: string;
  type: string;
  value: string;
  /** What Shopify called the value that stood there; `null`: nothing did. */
  compareDigest: string | null;
}

export type MetafieldsWritten =
  /** Digests in the order of the writes. */
  | { ok: true; digests: string[] }
  /** Some are not what they were. */
  | { ok: false; reason: "stale" }
  /** Owners of whom some cannot be written; `gone`: Shopify has no such owner. */
  | { ok: false; reason: "refused"; refusals: Map<string, string> };

/** The refusal of an owner whom Shopify does not have. */
export const GONE = "OWNER_GONE";

/** Shopify's own trouble, which passes. */
const PASSING = "INTERNAL_ERROR";

function namespaceOf(ownerType: OwnerType): string {
  return ownerType === "app" ? APP_NAMESPACE : OWN_NAMESPACE;
}

/** The global id of an owner; of the shop and of the app's installation there Shopify is asked. */
export async function ownerGid(client: AdminClient, ownerType: OwnerType, id: number): Promise<string> {
  if (ownerType === "customer") return gidOf("Customer", id);
  if (ownerType === "product") return gidOf("Product", id);
  const { currentAppInstallation, shop } = await client.request(OWN_PLACES);
  return ownerType === "shop" ? shop.id : currentAppInstallation.id;
}

/** Writes as `metafieldsSet` takes them, one by one and in bulk. */
function setInputs(ownerType: OwnerType, writes: readonly MetafieldWrite[]) {
  const namespace = namespaceOf(ownerType);
  return writes.map(({ owner, key, type, value, compareDigest }) => ({
    ...{ ownerId: owner, namespace, key, type, value, compareDigest },
  }));
}

export async function writeMetafields(
  client: AdminClient,
  ownerType: OwnerType,
  writes: readonly MetafieldWrite[],
): Promise<MetafieldsWritten> {
  if (writes.length > METAFIELDS_AT_ONCE) throw new Error(`${writes.length} metafields are too many`);
  failpoint("metafields:before-set");
  const { metafieldsSet } = await client.request(SET_METAFIELDS, {
    metafields: setInputs(ownerType, writes),
  });
  failpoint("metafields:after-set");
  const errors = metafieldsSet?.userErrors ?? [];
  if (errors.length > 0) return refused(errors, writes);
  const set = metafieldsSet?.metafields ?? [];
  const digests = writes.map(
    ({ owner, key }) => set.find((each) => each.key === key && each.owner.id === owner)?.compareDigest,
  );
  if (digests.some((digest) => digest === undefined))
    throw new ShopifyError("server", "Shopify did not say what it has written.");
  return { ok: true, digests: digests.map(String) };
}

/** The bulk mutation that writes them, under a name of its own, by which it is found again. */
export function bulkSetMutation(name: string): string {
  return SET_METAFIELDS.replace("mutation SetMetafields", `mutation ${name}`).replace("#graphql", "").trim();
}

/** A line of its file: all of it is written, or nothing. */
export function bulkSetLine(ownerType: OwnerType, writes: readonly MetafieldWrite[]): string {
  return JSON.stringify({ metafields: setInputs(ownerType, writes) });
}

/** What a line of the answer says. Who was refused is told by nothing in it. */
export type BulkSetAnswer =
  | { is: "written"; owner: string; metafields: { key: string; value: string; digest: string }[] }
  | { is: "stale" }
  | { is: "refused"; codes: string[] };

const answeredLine = z.object({
  data: z
    .object({
      metafieldsSet: z
        .object({
          metafields: z
            .array(
              z.object({
                key: z.string(),
                value: z.string(),
                compareDigest: z.string(),
                owner: z.object({ id: z.string() }),
              }),
            )
            .nullish(),
          userErrors: z.array(z.object({ code: z.string().nullish() })),
        })
        .nullish(),
    })
    .nullish(),
});

export function readBulkSetLine(line: string): BulkSetAnswer {
  const { data } = answeredLine.parse(JSON.parse(line));
  const errors = data?.metafieldsSet?.userErrors ?? [];
  const metafields = data?.metafieldsSet?.metafields ?? [];
  const owner = metafields[0]?.owner.id;
  if (errors.length === 0 && owner !== undefined) {
    const written = metafields.map(({ key, value, compareDigest: digest }) => ({ key, value, digest }));
    return { is: "written", owner, metafields: written };
  }
  const codes = errors.map(({ code }) => code ?? "INVALID");
  const isStale = codes.length > 0 && codes.every((code) => STALE_CODES.includes(code));
  return isStale ? { is: "stale" } : { is: "refused", codes };
}

const STALE_CODES = ["STALE_OBJECT", "INVALID_COMPARE_DIGEST"];

interface SetError {
  code?: string | null;
  field?: readonly string[] | null;
  message: string;
}

function refused(errors: readonly SetError[], writes: readonly MetafieldWrite[]): MetafieldsWritten {
  const codes = errors.flatMap(({ code }) => code ?? []);
  if (codes.includes(PASSING))
    throw new ShopifyError("server", "Shopify could not write metafields now.", { codes });
  const refusals = new Map<string, string>();
  for (const { code, field } of errors) {
    if (code && STALE_CODES.includes(code)) continue;
    const [, index = "", part] = field ?? [];
    const owner = writes[Number(index === "" ? NaN : index)]?.owner;
    // About no one of them: then nobody can say whom to leave out.
    if (owner === undefined) throw new ShopifyError("refused", "Shopify refused metafields.", { codes });
    refusals.set(owner, part === "ownerId" ? GONE : (code ?? "INVALID"));
  }
  return refusals.size > 0 ? { ok: false, reason: "refused", refusals } : { ok: false, reason: "stale" };
}

export interface MetafieldState {
  value: string;
  digest: string;
}

/** By owner's global id, then key, what stands at Shopify. Owners whom Shopify does not have are missing. */
export async function readMetafields(
  client: AdminClient,
  ownerType: OwnerType,
  owners: readonly string[],
): Promise<Map<string, Map<string, MetafieldState>>> {
  failpoint("metafields:before-read");
  const variables = { ids: [...owners], namespace: namespaceOf(ownerType) };
  const { nodes } = await client.request(METAFIELDS_BY_OWNER, variables);
  failpoint("metafields:after-read");
  const found = new Map<string, Map<string, MetafieldState>>();
  for (const node of nodes) {
    if (!node || !("id" in node)) continue;
    const states = node.metafields.nodes.map(
      ({ key, value, compareDigest }) => [key, { value, digest: compareDigest }] as const,
    );
    found.set(node.id, new Map(states));
  }
  return found;
}

/** Those that are not there are none the worse for it. */
export async function deleteMetafields(
  client: AdminClient,
  ownerType: OwnerType,
  metafields: readonly { owner: string; key: string }[],
): Promise<void> {
  const namespace = namespaceOf(ownerType);
  for (let from = 0; from < metafields.length; from += METAFIELDS_AT_ONCE) {
    const some = metafields.slice(from, from + METAFIELDS_AT_ONCE);
    failpoint("metafields:before-delete");
    const { metafieldsDelete } = await client.request(DELETE_METAFIELDS, {
      metafields: some.map(({ owner, key }) => ({ ownerId: owner, namespace, key })),
    });
    failpoint("metafields:after-delete");
    const [error] = metafieldsDelete?.userErrors ?? [];
    if (error) throw new ShopifyError("refused", error.message);
  }
}
