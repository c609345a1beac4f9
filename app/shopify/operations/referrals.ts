/** What two customers' orders say of who placed them: asked to compare, and kept nowhere. */

const EVIDENCE = `#graphql
  fragment EvidenceAddress on MailingAddress {
    address1
    address2
    city
    zip
    countryCodeV2
  }

  fragment OrderEvidence on Order {
    id
    email
    clientIp
    billingAddress {
      ...EvidenceAddress
    }
    shippingAddress {
      ...EvidenceAddress
    }
    transactions(first: 5) {
      paymentDetails {
        ... on CardPaymentDetails {
          bin
          number
        }
      }
    }
  }
` as const;

/** The friend's first order, and the latest of the member's. */
export const REFERRAL_EVIDENCE = `#graphql
  ${EVIDENCE}
  query ReferralEvidence($order: ID!, $member: ID!, $first: Int!, $after: String) {
    order(id: $order) {
      ...OrderEvidence
    }
    customer(id: $member) {
      defaultEmailAddress {
        emailAddress
      }
      orders(first: $first, after: $after, sortKey: CREATED_AT, reverse: true) {
        nodes {
          ...OrderEvidence
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
` as const;

/** First orders of other friends. */
export const FRIENDS_EVIDENCE = `#graphql
  ${EVIDENCE}
  query FriendsEvidence($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Order {
        ...OrderEvidence
      }
    }
  }
` as const;
