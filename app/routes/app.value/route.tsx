/** Value: what today's customers will bring, how sure that is, and why it can be believed. */
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { Banner, BlockStack, InlineGrid, Page } from "@shopify/polaris";
import { authenticateMerchant } from "../../authentication.server.ts";
import { BelowTheFold } from "../../components/frame/below-the-fold.tsx";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import {
  BlockSkeleton,
  EmptyShop,
  FiguresSkeleton,
  PartialHistory,
  Streamed,
} from "../../components/frame/page-states.tsx";
import { ModelCard, ModelCharts } from "../../components/value/model-card.tsx";
import { SimpleValueCard } from "../../components/value/simple-value-card.tsx";
import { ValueControls } from "../../components/value/value-controls.tsx";
import {
  ValueByHabit,
  ValueCharts,
  ValueFigures,
  ValueTables,
} from "../../components/value/value-report.tsx";
import { useRefresh } from "../../components/sync/use-refresh.ts";
import { shopBounds } from "../../services/metrics/shop-bounds.server.ts";
import { whenPainted } from "../../services/metrics/when-painted.ts";
import { loadValue, readValueView } from "../../services/value/load-value.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const { firstDay } = await shopBounds(db.url, shop);
  const view = readValueView(new URL(args.request.url).searchParams);
  return { isEmpty: firstDay === null, ...(await loadValue(db, shop, view, whenPainted(args.request))) };
}

export const meta: MetaFunction = () => [{ title: "Value" }];

/** Of what is worth what by what, and of what was learnt. */
const TABLES_PIXELS = 1_200;
const MODEL_PIXELS = 900;
const SECONDS_BETWEEN_LOOKS = { waiting: 3, told: 300 };

export default function Value() {
  const { isEmpty, view, card, value, below } = useLoaderData<typeof loader>();
  useRefresh(card || isEmpty ? SECONDS_BETWEEN_LOOKS.told : SECONDS_BETWEEN_LOOKS.waiting);
  if (isEmpty) {
    return (
      <Page title="Value">
        <EmptyShop about="Once customers have ordered, this page shows what they will be worth." />
      </Page>
    );
  }
  return (
    <Page title="Value" subtitle="What today's customers will bring" fullWidth>
      <BlockStack gap="400">
        {card && value ? (
          <>
            <ValueControls key={view.discount} months={view.months} discount={view.discount} />
            <Streamed of={value} fallback={<ValueSkeleton />}>
              {({ figures, coverage }) => (
                <BlockStack gap="400">
                  <PartialHistory coverage={coverage} />
                  <ValueFigures figures={figures} coverage={coverage} months={view.months} />
                  <ValueCharts figures={figures} coverage={coverage} months={view.months} />
                  <BelowTheFold height={TABLES_PIXELS}>
                    <BlockStack gap="400">
                      <ValueTables figures={figures} coverage={coverage} months={view.months} />
                      <ValueByHabit figures={figures} coverage={coverage} months={view.months} />
                    </BlockStack>
                  </BelowTheFold>
                </BlockStack>
              )}
            </Streamed>
            <BelowTheFold height={MODEL_PIXELS}>
              <BlockStack gap="400">
                <ModelCard card={card} />
                <InlineGrid columns={{ xs: 1, lg: 2 }} gap="300">
                  <ModelCharts card={card} />
                </InlineGrid>
              </BlockStack>
            </BelowTheFold>
          </>
        ) : (
          <Banner tone="info" title="Your customers' habits are being learnt">
            <p>
              This begins when your history has been read and takes seconds to minutes. The page shows it by
              itself.
            </p>
          </Banner>
        )}
        <Streamed of={below.simple} fallback={<BlockSkeleton height={220} />}>
          {({ figures, coverage }) => (
            <SimpleValueCard simple={figures} years={view.years} coverage={coverage} />
          )}
        </Streamed>
      </BlockStack>
    </Page>
  );
}

function ValueSkeleton() {
  return (
    <BlockStack gap="400">
      <FiguresSkeleton cards={5} />
      <InlineGrid columns={{ xs: 1, lg: 2 }} gap="300">
        <BlockSkeleton height={410} />
        <BlockSkeleton height={410} />
      </InlineGrid>
    </BlockStack>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
