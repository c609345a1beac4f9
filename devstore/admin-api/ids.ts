/** Global ids: `gid://shopify/Order/123`. */

export function gid(type: string, id: number | string): string {
  return `gid://shopify/${type}/${id}`;
}

export interface GlobalId {
  type: string;
  id: number;
}

/** Parses a global id with a numeric end (a query part, as in inventory levels, is dropped); `null` for anything else. */
export function parseGid(text: string): GlobalId | null {
  const match = /^gid:\/\/shopify\/([A-Za-z]+)\/(\d{1,16})(?:\?.*)?$/.exec(text);
  if (!match) return null;
  return { type: match[1] ?? "", id: Number(match[2]) };
}
