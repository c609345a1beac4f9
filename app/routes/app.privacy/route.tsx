/** Customers' requests for their data, each with the file that answers it. */
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { Page } from "@shopify/polaris";
import { authenticateMerchant } from "../../authentication.server.ts";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { DataRequests } from "../../components/privacy/data-requests.tsx";
import { dataRequests } from "../../db/queries/data-requests.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const requests = await dataRequests(db, shop.id);
  return {
    requests: requests.map(({ id, customerId, requestedAt, downloadedAt }) => ({
      id,
      customerId,
      requestedAt,
      downloadedAt,
    })),
  };
}

export const meta: MetaFunction = () => [{ title: "Privacy requests" }];

export default function PrivacyRequests() {
  const { requests } = useLoaderData<typeof loader>();
  return (
    <Page title="Privacy requests">
      <DataRequests requests={requests} />
    </Page>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
