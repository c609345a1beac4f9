/** Where the figures come from: the sync, what it covers, what was repaired, customers' requests, and tasks that failed. */
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { Box, Layout, Page } from "@shopify/polaris";
import { authenticateMerchant } from "../../authentication.server.ts";
import { CoverageCard } from "../../components/data/coverage-card.tsx";
import { DriftCard } from "../../components/data/drift-card.tsx";
import { FailedTasksCard } from "../../components/data/failed-tasks-card.tsx";
import { SyncCard } from "../../components/data/sync-card.tsx";
import { UnreadableCard } from "../../components/data/unreadable-card.tsx";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { PageSection } from "../../components/frame/page-section.tsx";
import { BlockSkeleton, Streamed } from "../../components/frame/page-states.tsx";
import { ProgrammeFileCard } from "../../components/loyalty/programme-file-card.tsx";
import { DataRequests } from "../../components/privacy/data-requests.tsx";
import { useRefresh } from "../../components/sync/use-refresh.ts";
import { changeData } from "../../services/sync/change-data.server.ts";
import { openData } from "../../services/sync/open-data.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  return openData(db, shop);
}

export async function action(args: ActionFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const changed = await changeData(db, shop.id, Object.fromEntries(await args.request.formData()));
  if (!changed) throw new Response(null, { status: 400 });
  return changed;
}

export const meta: MetaFunction = () => [{ title: "Data" }];

const SECONDS_BETWEEN_LOOKS = { syncing: 2, complete: 30 };
const COVERAGE_HEIGHT = 320;

export default function DataPage() {
  const { status, drift, requests, unreadable, dead, jobs, hasProgramme, readsAllOrders, stated } =
    useLoaderData<typeof loader>();
  const isSyncing = status.phase !== "complete" && status.phase !== "failed";
  useRefresh(isSyncing ? SECONDS_BETWEEN_LOOKS.syncing : SECONDS_BETWEEN_LOOKS.complete);
  return (
    <Page title="Data" subtitle="Where your figures come from">
      <Box paddingBlockEnd="800">
        <Layout>
          <PageSection
            id="sync"
            title="Sync"
            description="Every order, customer and product is read once, then kept up to date as Shopify tells of changes."
          >
            <SyncCard status={status} />
          </PageSection>
          <PageSection
            id="coverage"
            title="Coverage"
            description="How much of your shop the figures stand on, over all time."
          >
            <Streamed of={stated} fallback={<BlockSkeleton height={COVERAGE_HEIGHT} />}>
              {(shown) => shown && <CoverageCard coverage={shown.coverage} readsAllOrders={readsAllOrders} />}
            </Streamed>
          </PageSection>
          <PageSection
            id="drift"
            title="Drift"
            description="Shopify's messages can get lost. Every 15 minutes missed changes are looked for, and daily everything is compared. What had to be repaired is the drift; its target is zero."
          >
            <DriftCard drift={drift} />
          </PageSection>
          <PageSection
            id="unreadable"
            title="Records that could not be read"
            description="Rarely, Shopify tells a record in a way that makes no sense. It is remembered here until it can be read."
          >
            <UnreadableCard records={unreadable} total={drift.unreadableCount} />
          </PageSection>
          <PageSection
            id="requests"
            title="Data requests"
            description="Customers may ask you for their data. Shopify passes the request on, and the file to send them is made here."
          >
            <DataRequests requests={requests} />
          </PageSection>
          {hasProgramme && (
            <PageSection
              id="programme"
              title="Points programme"
              description="Everything of your programme as one file. Whoever runs the app can read it into a database that has lost it, or a shop that was installed anew: with the same balances, line by line."
            >
              <ProgrammeFileCard />
            </PageSection>
          )}
          <PageSection
            id="tasks"
            title="Background tasks"
            description="Work that failed is tried again by itself for about 16 hours. What still fails then is listed here."
          >
            <FailedTasksCard
              tasks={dead}
              total={jobs.dead}
              running={jobs.running}
              waiting={jobs.ready + jobs.delayed}
            />
          </PageSection>
        </Layout>
      </Box>
    </Page>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
