/** What products, variants and collections are called: asked while a page shows them, and kept nowhere. */

export const GOODS_NAMES = `#graphql
  query GoodsNames($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on ProductVariant {
        id
        title
        product {
          title
        }
      }
    }
  }
` as const;
