/** What the pages ask of Shopify; a test validates each against the real schemas. */

export const ACCOUNT = `#graphql
  query Account {
    shop {
      url
      ui: metafield(namespace: "$app", key: "ui") {
        value
      }
    }
    customer {
      emailAddress {
        marketingState
      }
      metafields(
        identifiers: [
          { namespace: "$app", key: "points" }
          { namespace: "$app", key: "pending" }
          { namespace: "$app", key: "membership" }
          { namespace: "$app", key: "tier" }
          { namespace: "$app", key: "birthday" }
          { namespace: "$app", key: "buy_again" }
          { namespace: "$app", key: "for_you" }
        ]
      ) {
        key
        value
      }
    }
  }
`;

export const ORDERS = `#graphql
  query Orders($after: String) {
    customer {
      orders(first: 5, after: $after, sortKey: PROCESSED_AT, reverse: true) {
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          id
          name
          processedAt
          cancelledAt
          fulfillmentStatus
          statusPageUrl
          totalPrice {
            amount
            currencyCode
          }
          fulfillments(first: 10) {
            nodes {
              id
              latestShipmentStatus
              estimatedDeliveryAt
              trackingInformation {
                company
                number
                url
              }
            }
          }
          returns(first: 10) {
            nodes {
              id
              name
              status
            }
          }
          returnInformation {
            returnableLineItems(first: 50) {
              nodes {
                quantity
                lineItem {
                  id
                  title
                }
              }
            }
          }
        }
      }
    }
  }
`;

export const REQUEST_RETURN = `#graphql
  mutation RequestReturn($orderId: ID!, $lines: [RequestedLineItemInput!]!) {
    orderRequestReturn(orderId: $orderId, requestedLineItems: $lines) {
      return {
        id
        name
      }
      userErrors {
        message
      }
    }
  }
`;

export const SUBSCRIBE = `#graphql
  mutation Subscribe {
    changed: customerEmailMarketingSubscribe {
      emailAddress {
        marketingState
      }
      userErrors {
        message
      }
    }
  }
`;

export const UNSUBSCRIBE = `#graphql
  mutation Unsubscribe {
    changed: customerEmailMarketingUnsubscribe {
      emailAddress {
        marketingState
      }
      userErrors {
        message
      }
    }
  }
`;

/** Of the Storefront API: prices of where the shopper is, names in their language. */
export const PRODUCTS = `#graphql
  query Products($ids: [ID!]!, $country: CountryCode, $language: LanguageCode)
  @inContext(country: $country, language: $language) {
    nodes(ids: $ids) {
      ... on Product {
        id
        title
        onlineStoreUrl
        availableForSale
        featuredImage {
          url
          altText
        }
        priceRange {
          minVariantPrice {
            amount
            currencyCode
          }
          maxVariantPrice {
            amount
            currencyCode
          }
        }
      }
    }
  }
`;
