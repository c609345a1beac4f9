/** What brings people back: by the product they began with, by product, and by pair of products. */
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { BlockStack, Page, Tabs } from "@shopify/polaris";
import { authenticateMerchant } from "../../authentication.server.ts";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { ExportButton } from "../../components/frame/export-button.tsx";
import { BlockSkeleton, EmptyShop, PartialHistory, Streamed } from "../../components/frame/page-states.tsx";
import tabs from "../../components/frame/tabs-room.module.css";
import { useAddress } from "../../components/frame/use-address.ts";
import { PeriodPicker } from "../../components/metrics/period-picker.tsx";
import { ProductControls } from "../../components/products/product-controls.tsx";
import { ProductReport } from "../../components/products/product-report.tsx";
import { openProducts } from "../../services/metrics/open-products.server.ts";
import { PRODUCT_ROWS, WITHIN_DAYS } from "../../services/metrics/product-query.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const page = await openProducts(db, shop, args.request);
  return { ...page, rowsPerPage: PRODUCT_ROWS, withinChoices: WITHIN_DAYS };
}

export const meta: MetaFunction = () => [{ title: "Products" }];

const TABLES = [
  { id: "first", content: "First product", file: "products-first" },
  { id: "products", content: "Product", file: "products" },
  { id: "together", content: "Bought together", file: "products-together" },
  { id: "next", content: "Bought next", file: "products-next" },
] as const;

/** Room for a page of rows, so that nothing below moves when they come. */
const TABLE_HEIGHT = 720;

export default function ProductsPage() {
  const { view, query, isEmpty, report, rowsPerPage, withinChoices } = useLoaderData<typeof loader>();
  const [, changeAddress] = useAddress();
  const selected = TABLES.findIndex(({ id }) => id === query.table);
  if (isEmpty || !report) {
    return (
      <Page title="Products">
        <EmptyShop about="What brings people back appears here with your first orders." />
      </Page>
    );
  }
  return (
    <Page
      fullWidth
      title="Products"
      subtitle="What brings people back"
      primaryAction={<ExportButton table={TABLES[selected]?.file ?? "products"} />}
    >
      <BlockStack gap="400">
        <PeriodPicker view={view} withCompare={false} />
        <ProductControls withinDays={query.withinDays} choices={withinChoices} search={query.search} />
        <div className={tabs.room}>
          <Tabs
            tabs={TABLES.map(({ id, content }) => ({ id, content }))}
            selected={selected}
            onSelect={(index) =>
              changeAddress({ table: TABLES[index]?.id ?? null, sort: null, order: null, page: null })
            }
          >
            <Streamed of={report} fallback={<BlockSkeleton height={TABLE_HEIGHT} />}>
              {(shown) =>
                shown && (
                  <BlockStack gap="300">
                    <PartialHistory coverage={shown.coverage} />
                    <ProductReport
                      report={shown}
                      sorting={query}
                      rowsPerPage={rowsPerPage}
                      isSearched={query.search !== ""}
                    />
                  </BlockStack>
                )
              }
            </Streamed>
          </Tabs>
        </div>
      </BlockStack>
    </Page>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
