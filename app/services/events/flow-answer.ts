/** What Shopify Flow is answered: it repeats on 5xx and 429 alone, and shows the message of other refusals in the workflow's run. */
export interface FlowAnswer {
  status: 200 | 400 | 409 | 422;
  message: string;
}
