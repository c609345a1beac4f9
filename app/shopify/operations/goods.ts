/** What products, variants and collections are called and look like: asked while a page shows them, and kept nowhere. */

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

/** Twice as large as they are shown, for sharp screens. */
export const PRODUCT_PICTURES = `#graphql
  query ProductPictures($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Product {
        id
        featuredMedia {
          preview {
            image {
              url(transform: { maxWidth: 80, maxHeight: 80 })
            }
          }
        }
      }
    }
  }
` as const;
