/** The first page: how far the sync is, and the shop's figures over all its time. */
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { BlockStack, Page } from "@shopify/polaris";
import { authenticateMerchant } from "../../authentication.server.ts";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { CohortTable } from "../../components/metrics/cohort-table.tsx";
import { ReportFigures } from "../../components/metrics/report-figures.tsx";
import { SyncProgress } from "../../components/sync/sync-progress.tsx";
import { useRefresh } from "../../components/sync/use-refresh.ts";
import { planIncludes } from "../../core/entitlements.ts";
import { syncStatus } from "../../db/queries/sync-status.server.ts";
import { shopMetrics } from "../../services/metrics/shop-metrics.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const [status, stated] = await Promise.all([
    syncStatus(db, shop.id),
    planIncludes(shop.appPlan, "figures")
      ? shopMetrics(db.url, shop.id, { question: "report", options: {} })
      : null,
  ]);
  return { status, stated };
}

export const meta: MetaFunction = () => [{ title: "Overview" }];

const SECONDS_BETWEEN_LOOKS = { syncing: 2, complete: 60 };

export default function Overview() {
  const { status, stated } = useLoaderData<typeof loader>();
  const isSyncing = status.phase !== "complete" && status.phase !== "failed";
  useRefresh(isSyncing ? SECONDS_BETWEEN_LOOKS.syncing : SECONDS_BETWEEN_LOOKS.complete);
  return (
    <Page title="Overview">
      <BlockStack gap="400">
        <SyncProgress status={status} />
        {stated && stated.figures.orders > 0 && (
          <>
            <ReportFigures stated={stated} />
            <CohortTable cohorts={stated.figures.cohorts} currency={stated.figures.currency} />
          </>
        )}
      </BlockStack>
    </Page>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
