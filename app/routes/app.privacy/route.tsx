/** The former address of customers' requests for their data, which are on the page of data now. */
import { redirect, type LoaderFunctionArgs } from "@remix-run/node";

export function loader({ request }: LoaderFunctionArgs) {
  // With what Shopify's admin adds to the address: the page behind it needs the same proof of who asks.
  throw redirect(`/app/data${new URL(request.url).search}#requests`);
}
