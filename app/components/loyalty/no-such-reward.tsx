/** The page of a reward that there is not. */
import { Banner, Page } from "@shopify/polaris";

export function NoSuchReward() {
  return (
    <Page title="No such reward" backAction={{ content: "Rewards", url: "/app/loyalty/rewards" }}>
      <Banner tone="warning">
        <p>There is no reward at this address. The page of rewards lists them all.</p>
      </Banner>
    </Page>
  );
}
