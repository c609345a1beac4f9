/** Acquisition: what customers cost, month by month, against what they bring. */
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { BlockStack, Page } from "@shopify/polaris";
import { authenticateMerchant } from "../../authentication.server.ts";
import {
  AcquisitionFigures,
  AcquisitionTable,
  CohortPath,
  MeasureSelect,
  NoModelYet,
} from "../../components/acquisition/acquisition-report.tsx";
import { CostList } from "../../components/acquisition/cost-list.tsx";
import { CostUpload } from "../../components/acquisition/cost-upload.tsx";
import { useCostsDraft, type CostsAnswer } from "../../components/acquisition/use-costs-draft.ts";
import { BelowTheFold } from "../../components/frame/below-the-fold.tsx";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { ExportButton } from "../../components/frame/export-button.tsx";
import {
  BlockSkeleton,
  EmptyShop,
  FiguresSkeleton,
  FOUR_IN_A_ROW,
  PartialHistory,
  Streamed,
} from "../../components/frame/page-states.tsx";
import { SaveBar, useLeaveConfirmation } from "../../components/frame/save-bar.tsx";
import { ValueControls } from "../../components/value/value-controls.tsx";
import { loadAcquisition, readAcquisitionView } from "../../services/acquisition/load-acquisition.server.ts";
import { parseCosts } from "../../services/acquisition/costs-input.server.ts";
import { costBounds } from "../../services/acquisition/cost-bounds.ts";
import { saveCosts } from "../../services/acquisition/save-costs.server.ts";
import { useRefresh } from "../../components/sync/use-refresh.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const view = readAcquisitionView(new URL(args.request.url).searchParams);
  return loadAcquisition(db, shop, view);
}

export async function action(args: ActionFunctionArgs): Promise<CostsAnswer> {
  const { db, shop } = await authenticateMerchant(args);
  const parsed = parseCosts(await args.request.formData(), costBounds(shop, Date.now()));
  if (!parsed) throw new Response(null, { status: 400 });
  if (!parsed.ok) return { ok: false, errors: parsed.errors };
  const saved = await saveCosts(db, shop.id, parsed.edits);
  return saved.ok ? { ok: true } : { ok: false, changedMeanwhile: true };
}

export const meta: MetaFunction = () => [{ title: "Acquisition" }];

const SAVE_BAR = "costs-save-bar";
const SECONDS_BETWEEN_LOOKS = { waiting: 3, told: 300 };

export default function Acquisition() {
  const { isEmpty, view, months, costs, bounds, hasModel, report } = useLoaderData<typeof loader>();
  const saved = Object.fromEntries(costs.map(({ month, amountMinor }) => [month, amountMinor]));
  const draft = useCostsDraft(saved, bounds.currency);
  useLeaveConfirmation(draft.isChanged);
  useRefresh(hasModel || isEmpty ? SECONDS_BETWEEN_LOOKS.told : SECONDS_BETWEEN_LOOKS.waiting);
  if (isEmpty) {
    return (
      <Page title="Acquisition">
        <EmptyShop about="Once customers have ordered, this page holds what they cost against what they bring." />
      </Page>
    );
  }
  const list = (
    <CostList
      months={months}
      draft={draft}
      actions={<ExportButton table="acquisition-costs" subject="what you spent" />}
    >
      <CostUpload bounds={bounds} saved={saved} draft={draft} />
    </CostList>
  );
  const told = (
    <Streamed of={report} fallback={<AcquisitionSkeleton />}>
      {({ figures, coverage, shown }) => (
        <BlockStack gap="400">
          <PartialHistory coverage={coverage} />
          <ValueControls key={view.discount} months={view.months} discount={view.discount}>
            <MeasureSelect measure={figures.measure} hasMargin={figures.hasMargin} />
          </ValueControls>
          <AcquisitionFigures report={figures} coverage={coverage} months={view.months} />
          <AcquisitionTable report={figures} coverage={coverage} />
          {shown && <CohortPath report={figures} row={shown} coverage={coverage} />}
        </BlockStack>
      )}
    </Streamed>
  );
  const [first, next] = costs.length === 0 ? [list, told] : [told, list];
  return (
    <Page title="Acquisition" subtitle="What customers cost, against what they bring" fullWidth>
      <SaveBar
        id={SAVE_BAR}
        shown={draft.isChanged}
        busy={draft.isSaving}
        onSave={draft.save}
        onDiscard={draft.discard}
      />
      <BlockStack gap="400">
        {!hasModel && <NoModelYet />}
        {first}
        <BelowTheFold height={NEXT_PIXELS}>{next}</BelowTheFold>
      </BlockStack>
    </Page>
  );
}

/** Of the report below the list, or of the list below the report. */
const NEXT_PIXELS = 900;

function AcquisitionSkeleton() {
  return (
    <BlockStack gap="400">
      <FiguresSkeleton cards={4} figures="explained" columns={FOUR_IN_A_ROW} />
      <BlockSkeleton height={520} />
      <BlockSkeleton height={410} />
    </BlockStack>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
