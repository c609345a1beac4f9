/** The page of a segment that there is not. */
import { Banner, Page } from "@shopify/polaris";

export function NoSuchSegment() {
  return (
    <Page title="No such segment" backAction={{ content: "Segments", url: "/app/segments" }}>
      <Banner tone="warning">
        <p>There is no segment by this name. The page of segments lists them all.</p>
      </Banner>
    </Page>
  );
}
