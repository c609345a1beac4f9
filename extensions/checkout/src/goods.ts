/** What Shopify's Storefront API says of the cart's products: whether rules by collection count, and what is a gift card. */
import { useEffect, useState } from "preact/hooks";
import { productIdOf, type CheckoutLine, type Goods } from "./cart.ts";

const GOODS = `query Goods($ids: [ID!]!) {
  nodes(ids: $ids) { ... on Product { id isGiftCard collections(first: 250) { nodes { id } } } }
}`;

interface Product {
  id: string;
  isGiftCard: boolean;
  collections: { nodes: readonly { id: string }[] };
}

/** Of `shopify`, by the capability api_access. */
export interface Asks {
  query: (
    query: string,
    options: { variables: Record<string, unknown> },
  ) => Promise<{ data?: unknown; errors?: readonly unknown[] }>;
}

const numberOf = (gid: string) => Number(gid.split("/").pop());

/** `null`: Shopify has not said, or not of all of them. */
export function useGoods(api: Asks, lines: readonly CheckoutLine[]): ReadonlyMap<number, Goods> | null {
  const ids = [...new Set(lines.map(productIdOf))].sort((a, b) => a - b);
  const key = ids.join();
  const [known, keep] = useState<{ key: string; goods: ReadonlyMap<number, Goods> } | null>(null);
  useEffect(() => {
    if (key === "") return undefined;
    let isGone = false;
    const variables = { ids: key.split(",").map((id) => `gid://shopify/Product/${id}`) };
    Promise.resolve()
      .then(() => api.query(GOODS, { variables }))
      .then(({ data }) => {
        const nodes = (data as { nodes?: readonly (Product | null)[] } | undefined)?.nodes ?? [];
        const found = new Map(nodes.flatMap((node) => (node ? [goodsOf(node)] : [])));
        if (!isGone && found.size === key.split(",").length) keep({ key, goods: found });
      })
      // Without an answer the figure stays an estimate.
      .catch(() => undefined);
    return () => {
      isGone = true;
    };
  }, [key, api]);
  return known?.key === key ? known.goods : null;
}

function goodsOf({ id, isGiftCard, collections }: Product): [number, Goods] {
  return [numberOf(id), { isGiftCard, collectionIds: collections.nodes.map((each) => numberOf(each.id)) }];
}
