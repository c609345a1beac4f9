/** The webhooks that a shop is subscribed to by itself: those that shopify.app.toml cannot name, because not every shop grants their scope. */

export const DISPUTE_SUBSCRIPTIONS = `#graphql
  query DisputeSubscriptions {
    webhookSubscriptions(first: 50, topics: [DISPUTES_CREATE, DISPUTES_UPDATE]) {
      nodes {
        id
        topic
        uri
      }
    }
  }
` as const;

/** Of the payload no more is sent than what names the order. */
export const SUBSCRIBE_TO_DISPUTES = `#graphql
  mutation SubscribeToDisputes($uri: String!) {
    create: webhookSubscriptionCreate(
      topic: DISPUTES_CREATE
      webhookSubscription: { uri: $uri, includeFields: ["id", "order_id"] }
    ) {
      userErrors {
        message
      }
    }
    update: webhookSubscriptionCreate(
      topic: DISPUTES_UPDATE
      webhookSubscription: { uri: $uri, includeFields: ["id", "order_id"] }
    ) {
      userErrors {
        message
      }
    }
  }
` as const;

export const END_SUBSCRIPTION = `#graphql
  mutation EndSubscription($id: ID!) {
    webhookSubscriptionDelete(id: $id) {
      userErrors {
        message
      }
    }
  }
` as const;
