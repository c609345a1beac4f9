/** What a customer's page is headed with: the id until Shopify has told the name. */
import { namedCustomer, secondLine, type CustomerNames } from "./customer-name.tsx";
import { useTold } from "./use-told.ts";

export function useCustomerName(customerId: number, names: Promise<CustomerNames>) {
  const id = `Customer ${customerId}`;
  const named = namedCustomer(customerId, useTold(names));
  switch (named) {
    case "waiting":
      return { title: id, subtitle: "Asking Shopify for the name…" };
    case "untold":
      return { title: id, subtitle: "Shopify did not tell the name just now." };
    case "gone":
      return { title: id, subtitle: "Not in Shopify any more." };
    default:
      return { title: named.name || id, subtitle: secondLine(named) || id };
  }
}
