/** The shop's customers: sorted, filtered, a page at a time, or searched for by name. */
import { data, type HeadersFunction, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { Banner, BlockStack, Box, Page, Text } from "@shopify/polaris";
import { authenticateMerchant } from "../../authentication.server.ts";
import { CustomerFilters } from "../../components/customers/customer-filters.tsx";
import { CustomerTable } from "../../components/customers/customer-table.tsx";
import { FoundTable } from "../../components/customers/found-table.tsx";
import { TableSkeleton } from "../../components/customers/table-skeleton.tsx";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { ExportButton } from "../../components/frame/export-button.tsx";
import { Streamed } from "../../components/frame/page-states.tsx";
import { openCustomers } from "../../services/customers/open-customers.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const page = await openCustomers(db, shop, new URL(args.request.url).searchParams);
  // People's names are on the page.
  return data(page, { headers: { "Cache-Control": "no-store" } });
}

export const headers: HeadersFunction = ({ errorHeaders, loaderHeaders }) => errorHeaders ?? loaderHeaders;

export const meta: MetaFunction = () => [{ title: "Customers" }];

export default function Customers() {
  const { list, chosenTitles, found, listed } = useLoaderData<typeof loader>();
  return (
    <Page title="Customers" fullWidth primaryAction={<ExportButton table="customers" />}>
      <BlockStack gap="400">
        {list.notice && <Banner tone="warning">{list.notice}</Banner>}
        <CustomerFilters list={list} chosenTitles={chosenTitles} listed={listed}>
          {found && (
            <Streamed of={found} fallback={<TableSkeleton />}>
              {(answer) => (
                <>
                  <FoundTable found={answer} typed={list.typed} />
                  <AboutNames />
                </>
              )}
            </Streamed>
          )}
          {listed && (
            <Streamed of={listed} fallback={<TableSkeleton />}>
              {(known) => (
                <>
                  <CustomerTable list={list} listed={known} />
                  <AboutNames />
                </>
              )}
            </Streamed>
          )}
        </CustomerFilters>
      </BlockStack>
    </Page>
  );
}

/** Comes with the table, so that nothing stands below what is still growing. */
function AboutNames() {
  return (
    <Box padding="300">
      <Text as="p" variant="bodySm" tone="subdued">
        Names and e-mail addresses come from Shopify while you look at them and are not kept by Perennial.
        That is why the list cannot be sorted by name, why a search looks through all customers whatever view
        and filters are chosen, and why the exported file holds ids and figures only.
      </Text>
    </Box>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
