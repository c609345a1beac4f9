/** The first page: how far the sync is, what is left to set up, what stands out, and the period's figures. */
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { BlockStack, Page } from "@shopify/polaris";
import { z } from "zod";
import { authenticateMerchant } from "../../authentication.server.ts";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { BlockSkeleton, FiguresSkeleton, Streamed } from "../../components/frame/page-states.tsx";
import { BelowTheFold } from "../../components/frame/below-the-fold.tsx";
import {
  FIRST_FIGURES,
  FurtherFigures,
  OverviewFigures,
} from "../../components/metrics/overview-figures.tsx";
import { OverviewTrends } from "../../components/metrics/overview-trends.tsx";
import { PeriodPicker } from "../../components/metrics/period-picker.tsx";
import { StandoutsCard } from "../../components/metrics/standouts-card.tsx";
import { SetupGuide } from "../../components/sync/setup-guide.tsx";
import { SyncProgress } from "../../components/sync/sync-progress.tsx";
import { ToDoCard, ToDoSkeleton } from "../../components/value/to-do-card.tsx";
import { useRefresh } from "../../components/sync/use-refresh.ts";
import { openOverview } from "../../services/metrics/open-overview.server.ts";
import { changeGuide, GUIDE_DEEDS } from "../../services/settings/change-guide.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  return openOverview(db, shop, args.request);
}

const deed = z.object({ intent: z.enum(GUIDE_DEEDS) });

export async function action(args: ActionFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const asked = deed.safeParse(Object.fromEntries(await args.request.formData()));
  if (!asked.success) throw new Response(null, { status: 400 });
  await changeGuide(db, shop.id, asked.data.intent);
  return null;
}

export const meta: MetaFunction = () => [{ title: "Overview" }];

/** Of what stands out and of the trends. */
const STANDOUTS_PIXELS = 120;
const TRENDS_PIXELS = 380;
const BELOW_PIXELS = STANDOUTS_PIXELS + TRENDS_PIXELS;
const SECONDS_BETWEEN_LOOKS = { syncing: 2, complete: 60 };

export default function Overview() {
  const { status, view, guide, overview, toDo } = useLoaderData<typeof loader>();
  const isSyncing = status.phase !== "complete" && status.phase !== "failed";
  useRefresh(isSyncing ? SECONDS_BETWEEN_LOOKS.syncing : SECONDS_BETWEEN_LOOKS.complete);
  return (
    <Page title="Overview">
      <BlockStack gap="400">
        <SyncProgress status={status} />
        {guide && <SetupGuide steps={guide} />}
        {overview && (
          <>
            <PeriodPicker view={view} />
            <Streamed of={overview} fallback={<OverviewSkeleton />}>
              {({ now, before, grain, standouts }) => (
                <BlockStack gap="400">
                  <OverviewFigures now={now} before={before} />
                  {toDo && (
                    <Streamed of={toDo} fallback={<ToDoSkeleton />}>
                      {({ stated, titles }) => <ToDoCard actions={stated.figures} titles={titles} />}
                    </Streamed>
                  )}
                  <BelowTheFold height={BELOW_PIXELS}>
                    <BlockStack gap="400">
                      <StandoutsCard stated={standouts} />
                      <OverviewTrends
                        grain={grain}
                        points={now.trend}
                        before={before?.trend ?? null}
                        coverage={now.coverage}
                      />
                      <FurtherFigures now={now} before={before} />
                    </BlockStack>
                  </BelowTheFold>
                </BlockStack>
              )}
            </Streamed>
          </>
        )}
      </BlockStack>
    </Page>
  );
}

function OverviewSkeleton() {
  return (
    <BlockStack gap="400">
      <FiguresSkeleton cards={FIRST_FIGURES} />
      <ToDoSkeleton />
      <BlockSkeleton height={STANDOUTS_PIXELS} />
      <BlockSkeleton height={TRENDS_PIXELS} />
    </BlockStack>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
