/** Collections for rules that name them: found by what they are called, and called by name, from Shopify as it answers. No name is kept. */
import type { Database } from "../../db/types.ts";
import { gidOf, idOf } from "../../shopify/gid.ts";
import { COLLECTION_TITLES, COLLECTIONS_FOUND } from "../../shopify/operations/collections.ts";
import { wordSearch } from "../../shopify/word-search.ts";
import { askForPage } from "../customers/ask-for-page.server.ts";
import type { Names } from "../customers/name-records.server.ts";

export interface FoundCollection {
  id: number;
  title: string;
}

const FOUND_AT_MOST = 20;

/** The best matches; the first by title where nothing was typed. `null`: Shopify could not be asked. */
export async function findCollections(
  db: Database,
  shopId: number,
  typed: string,
): Promise<FoundCollection[] | null> {
  const query = wordSearch(typed);
  const sortKey = query === null ? "TITLE" : "RELEVANCE";
  const wanted = { first: FOUND_AT_MOST, query, sortKey } as const;
  const answer = await askForPage(db, shopId, (client) => client.request(COLLECTIONS_FOUND, wanted));
  return answer && answer.collections.nodes.map(({ id, title }) => ({ id: idOf(id), title }));
}

/** By id; those that Shopify does not know are missing. */
export async function nameCollections(
  db: Database,
  shopId: number,
  collectionIds: readonly number[],
): Promise<Names<string>> {
  if (collectionIds.length === 0) return {};
  const ids = collectionIds.map((id) => gidOf("Collection", id));
  const answer = await askForPage(db, shopId, (client) => client.request(COLLECTION_TITLES, { ids }));
  if (!answer) return null;
  const names: Record<number, string> = {};
  for (const node of answer.nodes) if (node && "title" in node) names[idOf(node.id)] = node.title;
  return names;
}
