/** What stands where no customer is left to show, and why. */
import { Button } from "@shopify/polaris";
import type { Coverage } from "../../core/metrics/coverage.ts";
import type { CustomerPage } from "../../core/customers/customer-page.ts";
import { Empty } from "../frame/empty.tsx";
import { useAddress } from "../frame/use-address.ts";
import { FILTER_PARAMETERS } from "./filter-parameters.ts";

export function NoCustomers({
  page,
  coverage,
}: {
  page: Pick<CustomerPage, "matching">;
  coverage: Coverage;
}) {
  const [parameters, change] = useAddress();
  const narrowing = [...FILTER_PARAMETERS, "tab"].filter((name) => parameters.has(name));
  const everything = Object.fromEntries(
    [...narrowing, "after", "before"].map((name) => [name, null] as const),
  );
  if (page.matching > 0) {
    return (
      <Empty heading="This page is empty now">
        <p>The customers who stood here have moved since.</p>
        <Button onClick={() => change({ after: null, before: null })}>Go to the first page</Button>
      </Empty>
    );
  }
  if (narrowing.length > 0) {
    return (
      <Empty heading="No customer fits">
        <p>Nobody is in this view with these filters.</p>
        <Button onClick={() => change(everything)}>Show all customers</Button>
      </Empty>
    );
  }
  if (coverage.guestOrdersShare === 1) {
    return (
      <Empty heading="All orders are guests’">
        <p>
          Your shop has orders, but none of them names a customer. Customers appear here when somebody orders
          with an account or an e-mail address that Shopify knows.
        </p>
      </Empty>
    );
  }
  return (
    <Empty heading="No customers yet">
      <p>
        {coverage.syncComplete
          ? "Customers appear here with their first order."
          : "Your history is still being read. Customers appear here as their orders come in."}
      </p>
    </Empty>
  );
}
