/**
 * Everything that Perennial asks about orders. The fragments say once what an order is made of: page, `nodes(ids:)` and
 * bulk all select them (see order-nodes.ts and bulk-queries.ts for the one shape that the mapper sees).
 *
 * The sizes of the connections keep one order's requested cost near 350 of the 1,000 points that a query may cost; what
 * does not fit is fetched by the three last operations.
 */

/** An order without its connections. */
const ORDER_FACTS = `#graphql
  fragment OrderFacts on Order {
    id
    createdAt
    processedAt
    updatedAt
    cancelledAt
    test
    sourceName
    displayFinancialStatus
    discountCodes
    customAttributes {
      key
      value
    }
    customer {
      id
    }
    purchasingEntity {
      __typename
    }
    customerJourneySummary {
      firstVisit {
        source
      }
    }
    shippingAddress {
      countryCodeV2
    }
    currentTotalPriceSet {
      shopMoney {
        amount
      }
    }
    originalTotalPriceSet {
      presentmentMoney {
        amount
        currencyCode
      }
    }
    transactions(first: 20) {
      kind
      status
      processedAt
    }
    disputes {
      initiatedAs
      status
    }
  }
` as const;

/** A line as it was ordered; what became of it is in the journal. */
const ORDER_LINE = `#graphql
  fragment OrderLine on LineItem {
    id
    isGiftCard
    product {
      id
    }
    variant {
      id
    }
    originalUnitPriceSet {
      shopMoney {
        amount
      }
    }
    sellingPlan {
      name
    }
  }
` as const;

/** One entry of the order's journal, without its sales. */
const ORDER_AGREEMENT = `#graphql
  fragment OrderAgreement on SalesAgreement {
    id
    happenedAt
    reason
  }
` as const;

const ORDER_SALE = `#graphql
  fragment OrderSale on Sale {
    id
    actionType
    lineType
    quantity
    totalAmount {
      shopMoney {
        amount
      }
    }
    totalTaxAmount {
      shopMoney {
        amount
      }
    }
    totalDiscountAmountBeforeTaxes {
      shopMoney {
        amount
      }
    }
    ... on ProductSale {
      lineItem {
        id
      }
    }
    ... on GiftCardSale {
      lineItem {
        id
      }
    }
  }
` as const;

/** An order with the first of each connection. */
const WHOLE_ORDER = `#graphql
  ${ORDER_FACTS}
  ${ORDER_LINE}
  ${ORDER_AGREEMENT}
  ${ORDER_SALE}
  fragment WholeOrder on Order {
    ...OrderFacts
    lineItems(first: 10) {
      nodes {
        ...OrderLine
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
    agreements(first: 3) {
      edges {
        cursor
        node {
          ...OrderAgreement
          sales(first: 10) {
            nodes {
              ...OrderSale
            }
            pageInfo {
              hasNextPage
              endCursor
            }
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
` as const;

/** A page of orders; `query` is Shopify's search syntax. */
export const ORDERS_PAGE = `#graphql
  ${WHOLE_ORDER}
  query OrdersPage($first: Int!, $after: String, $query: String, $sortKey: OrderSortKeys!, $reverse: Boolean!) {
    orders(first: $first, after: $after, query: $query, sortKey: $sortKey, reverse: $reverse) {
      nodes {
        ...WholeOrder
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
` as const;

export const ORDERS_BY_ID = `#graphql
  ${WHOLE_ORDER}
  query OrdersById($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Order {
        ...WholeOrder
      }
    }
  }
` as const;

/** Ids and times alone, to find what changed or is missing for a point or two. */
export const ORDER_STAMPS_PAGE = `#graphql
  query OrderStampsPage($first: Int!, $after: String, $query: String, $sortKey: OrderSortKeys!, $reverse: Boolean!) {
    orders(first: $first, after: $after, query: $query, sortKey: $sortKey, reverse: $reverse) {
      nodes {
        id
        createdAt
        updatedAt
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
` as const;

export const MORE_ORDER_LINES = `#graphql
  ${ORDER_LINE}
  query MoreOrderLines($id: ID!, $after: String) {
    order(id: $id) {
      lineItems(first: 100, after: $after) {
        nodes {
          ...OrderLine
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
` as const;

export const MORE_ORDER_AGREEMENTS = `#graphql
  ${ORDER_AGREEMENT}
  ${ORDER_SALE}
  query MoreOrderAgreements($id: ID!, $after: String) {
    order(id: $id) {
      agreements(first: 8, after: $after) {
        edges {
          cursor
          node {
            ...OrderAgreement
            sales(first: 10) {
              nodes {
                ...OrderSale
              }
              pageInfo {
                hasNextPage
                endCursor
              }
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
` as const;

/** Agreements are no nodes: one is named by the cursor before it. */
export const MORE_ORDER_SALES = `#graphql
  ${ORDER_SALE}
  query MoreOrderSales($id: ID!, $agreementAfter: String, $after: String) {
    order(id: $id) {
      agreements(first: 1, after: $agreementAfter) {
        nodes {
          id
          sales(first: 80, after: $after) {
            nodes {
              ...OrderSale
            }
            pageInfo {
              hasNextPage
              endCursor
            }
          }
        }
      }
    }
  }
` as const;

/** Counts are capped at 10,000 unless the limit is given as null. */
export const ORDERS_COUNT = `#graphql
  query OrdersCount($query: String) {
    ordersCount(query: $query, limit: null) {
      count
      precision
    }
  }
` as const;

export const ORDER_WITH_CODE = `#graphql
  query OrderWithCode($query: String!) {
    orders(first: 1, query: $query) {
      nodes {
        id
      }
    }
  }
` as const;
