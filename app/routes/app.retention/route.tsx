/** Retention: who of the customers came back, when, and after which first purchase. */
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError, type ShouldRevalidateFunction } from "@remix-run/react";
import { BlockStack, InlineGrid, Page } from "@shopify/polaris";
import { authenticateMerchant } from "../../authentication.server.ts";
import { BelowTheFold } from "../../components/frame/below-the-fold.tsx";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { BlockSkeleton, EmptyShop, PartialHistory, Streamed } from "../../components/frame/page-states.tsx";
import { CohortCard, cohortCardHeight } from "../../components/metrics/cohort-card.tsx";
import { RepeatCurve, RetentionCurve } from "../../components/metrics/cohort-curve-charts.tsx";
import { FirstProductTable } from "../../components/metrics/first-product-table.tsx";
import { LeavingCard } from "../../components/metrics/leaving-card.tsx";
import { OrderIntervalChart } from "../../components/metrics/order-interval-chart.tsx";
import { PeriodPicker } from "../../components/metrics/period-picker.tsx";
import { SecondOrderChart } from "../../components/metrics/second-order-chart.tsx";
import { YearRetention } from "../../components/metrics/year-retention.tsx";
import { openRetention } from "../../services/metrics/open-retention.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  return openRetention(db, shop, args.request);
}

const ASKED_FOR = ["period", "from", "to", "grain", "within"];

/** The page has all measures already, so another one asks nobody. */
export const shouldRevalidate: ShouldRevalidateFunction = ({
  currentUrl: { searchParams: current },
  nextUrl: { searchParams: next },
  defaultShouldRevalidate,
}) => {
  const isOtherMeasure = current.get("measure") !== next.get("measure");
  const isSameOtherwise = ASKED_FOR.every((name) => current.get(name) === next.get(name));
  return isOtherMeasure && isSameOtherwise ? false : defaultShouldRevalidate;
};

export const meta: MetaFunction = () => [{ title: "Retention" }];

const CURVE_PIXELS = 412;
const INTERVALS_PIXELS = 504;
const TABLE_PIXELS = 440;
const GAP_PIXELS = 16;
/** Of what follows the cohorts: two charts below each other and a table. */
const BELOW_PIXELS = 2 * TABLE_PIXELS + INTERVALS_PIXELS + 2 * GAP_PIXELS;

export default function Retention() {
  const { view, grain, within, answers } = useLoaderData<typeof loader>();
  return (
    <Page title="Retention" fullWidth>
      <BlockStack gap="400">
        <PeriodPicker view={view} withCompare={false} />
        {answers ? (
          <>
            <Streamed
              of={answers.cohorts}
              fallback={<CohortsSkeleton height={cohortCardHeight(view.period, grain)} />}
            >
              {(stated) => (
                <BlockStack gap="400">
                  <PartialHistory coverage={stated.coverage} />
                  <CohortCard stated={stated} grain={grain} />
                  <InlineGrid columns={{ xs: 1, md: 2 }} gap="400">
                    <RetentionCurve curves={stated.figures.curves} coverage={stated.coverage} grain={grain} />
                    <RepeatCurve curves={stated.figures.curves} coverage={stated.coverage} grain={grain} />
                  </InlineGrid>
                </BlockStack>
              )}
            </Streamed>
            <BelowTheFold height={BELOW_PIXELS}>
              <BlockStack gap="400">
                <Streamed of={answers.below.secondOrder} fallback={<BlockSkeleton height={TABLE_PIXELS} />}>
                  {(stated) => <SecondOrderChart stated={stated} />}
                </Streamed>
                <InlineGrid columns={{ xs: 1, md: 2 }} gap="400">
                  <Streamed
                    of={answers.below.intervals}
                    fallback={<BlockSkeleton height={INTERVALS_PIXELS} />}
                  >
                    {(stated) => <OrderIntervalChart stated={stated} />}
                  </Streamed>
                  <Streamed of={answers.below.year} fallback={<BlockSkeleton height={TABLE_PIXELS} />}>
                    {(stated) => <YearRetention stated={stated} />}
                  </Streamed>
                </InlineGrid>
                <Streamed of={answers.below.firstProducts} fallback={<BlockSkeleton height={TABLE_PIXELS} />}>
                  {(stated) => <FirstProductTable stated={stated} within={within} />}
                </Streamed>
                <Streamed of={answers.below.leaving} fallback={null}>
                  {(reasons) => reasons && <LeavingCard reasons={reasons} />}
                </Streamed>
              </BlockStack>
            </BelowTheFold>
          </>
        ) : (
          <EmptyShop about="Once customers have ordered, this page shows who of them comes back." />
        )}
      </BlockStack>
    </Page>
  );
}

function CohortsSkeleton({ height }: { height: number }) {
  return (
    <BlockStack gap="400">
      <BlockSkeleton height={height} />
      <InlineGrid columns={{ xs: 1, md: 2 }} gap="400">
        <BlockSkeleton height={CURVE_PIXELS} />
        <BlockSkeleton height={CURVE_PIXELS} />
      </InlineGrid>
    </BlockStack>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
