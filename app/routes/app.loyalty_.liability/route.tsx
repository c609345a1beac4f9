/** Liability: what outstanding points may cost, when, and what the programme has cost so far. */
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { Banner, BlockStack, Card, Page } from "@shopify/polaris";
import { authenticateMerchant } from "../../authentication.server.ts";
import { Empty } from "../../components/frame/empty.tsx";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { BlockSkeleton, FiguresSkeleton, Streamed } from "../../components/frame/page-states.tsx";
import {
  AsOfControl,
  LiabilityCharts,
  LiabilityFigures,
  LiabilityTable,
  THREE_IN_A_ROW,
} from "../../components/loyalty/liability-report.tsx";
import { PointValueCard } from "../../components/loyalty/point-value-card.tsx";
import { ProgrammeCost } from "../../components/loyalty/programme-cost.tsx";
import { useRefresh } from "../../components/sync/use-refresh.ts";
import { openLiability } from "../../services/loyalty/load-liability.server.ts";
import { changePointValue } from "../../services/loyalty/save-point-value.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  return openLiability(db, shop, new URL(args.request.url).searchParams);
}

export async function action(args: ActionFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const changed = await changePointValue(db, shop, Object.fromEntries(await args.request.formData()));
  if (!changed) throw new Response(null, { status: 400 });
  return changed;
}

export const meta: MetaFunction = () => [{ title: "Liability" }];

const SECONDS_BETWEEN_LOOKS = { waiting: 3, told: 120 };

export default function Liability() {
  const page = useLoaderData<typeof loader>();
  const isWaiting = page.hasProgramme && page.isWaiting;
  useRefresh(isWaiting ? SECONDS_BETWEEN_LOOKS.waiting : SECONDS_BETWEEN_LOOKS.told);
  return (
    <Page
      title="Liability"
      subtitle="What outstanding points may cost you"
      backAction={{ content: "Loyalty", url: "/app/loyalty" }}
      fullWidth
    >
      <BlockStack gap="400">
        {isWaiting && (
          <Banner tone="info" title="The points are being added up">
            <p>This takes a moment the first time. The page shows them by itself.</p>
          </Banner>
        )}
        {page.hasProgramme && page.loaded ? (
          <Streamed of={page.loaded} fallback={<LiabilitySkeleton />}>
            {(loaded) => (
              <BlockStack gap="400">
                <AsOfControl loaded={loaded} />
                <LiabilityFigures report={loaded.report} />
                <LiabilityCharts report={loaded.report} />
                <LiabilityTable report={loaded.report} />
                <ProgrammeCost months={loaded.cost} />
              </BlockStack>
            )}
          </Streamed>
        ) : (
          !isWaiting && <NoPoints hasProgramme={page.hasProgramme} />
        )}
        {page.hasProgramme && (
          <PointValueCard key={`${page.choice.rule}/${page.choice.thousandMinor}`} choice={page.choice} />
        )}
      </BlockStack>
    </Page>
  );
}

function NoPoints({ hasProgramme }: { hasProgramme: boolean }) {
  return (
    <Card>
      <Empty heading={hasProgramme ? "There are no points yet" : "There is no points programme yet"}>
        <p>
          {hasProgramme
            ? "Once customers have earned points, this page says what they may cost you."
            : "Set one up on the page of loyalty, and this page says what its points may cost you."}
        </p>
      </Empty>
    </Card>
  );
}

function LiabilitySkeleton() {
  return (
    <BlockStack gap="400">
      <FiguresSkeleton cards={6} figures="explained" columns={THREE_IN_A_ROW} />
      <BlockSkeleton height={410} />
      <BlockSkeleton height={410} />
    </BlockStack>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
