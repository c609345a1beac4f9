/** The page of an id that is nobody's. */
import { Banner, Page } from "@shopify/polaris";

export function NoSuchCustomer() {
  return (
    <Page title="No such customer" backAction={{ content: "Customers", url: "/app/customers" }}>
      <Banner tone="warning">
        <p>
          Perennial knows nobody by this id. A customer who has just been created appears within a few
          minutes; one who was deleted at Shopify without ever ordering is gone.
        </p>
      </Banner>
    </Page>
  );
}
