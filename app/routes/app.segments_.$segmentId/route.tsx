/** One segment: its rule, what it comes to, how it moved, and its customers as a file. */
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { isRouteErrorResponse, useLoaderData, useRouteError } from "@remix-run/react";
import { BlockStack, Page } from "@shopify/polaris";
import { authenticateMerchant } from "../../authentication.server.ts";
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
import { AudienceCard } from "../../components/segments/audience-card.tsx";
import { NoSuchSegment } from "../../components/segments/no-such-segment.tsx";
import { RuleCard } from "../../components/segments/rule-card.tsx";
import {
  SegmentFigureCards,
  SegmentMovementCard,
  WaitsForModel,
} from "../../components/segments/segment-report.tsx";
import { isTagging, TagsCard } from "../../components/segments/tags-card.tsx";
import { SEGMENT_WORDS } from "../../components/segments/segment-words.ts";
import { useRefresh } from "../../components/sync/use-refresh.ts";
import { USUAL_RULES } from "../../core/segments/usual-segments.ts";
import { changeSegment } from "../../services/segments/change-segment.server.ts";
import { whenPainted } from "../../services/metrics/when-painted.ts";
import { openSegment } from "../../services/segments/open-segment.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const page = await openSegment(db, shop, args.params["segmentId"], whenPainted(args.request));
  if (!page) throw new Response(null, { status: 404 });
  return page;
}

export async function action(args: ActionFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const form = Object.fromEntries(await args.request.formData());
  const changed = await changeSegment(db, shop.id, args.params["segmentId"], form);
  if (!changed) throw new Response(null, { status: 400 });
  return changed;
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data ? SEGMENT_WORDS[data.name].title : "Segment" },
];

const CHART_HEIGHT = 410;
/** Of what may be done with its customers. */
const DEEDS_PIXELS = 500;
const SECONDS_BETWEEN_LOOKS = { tagging: 2, still: 300 };

export default function OneSegment() {
  const { name, rule, isEmpty, tags, figures, below } = useLoaderData<typeof loader>();
  useRefresh(isTagging(tags) ? SECONDS_BETWEEN_LOOKS.tagging : SECONDS_BETWEEN_LOOKS.still);
  const { title, about } = SEGMENT_WORDS[name];
  const back = { content: "Segments", url: "/app/segments" };
  if (isEmpty) {
    return (
      <Page title={title} subtitle={about} backAction={back}>
        <EmptyShop about="Customers appear here once they have ordered." />
      </Page>
    );
  }
  return (
    <Page
      title={title}
      subtitle={about}
      backAction={back}
      primaryAction={
        <ExportButton table="segment-customers" subject="the customers" also={{ segment: name }} />
      }
    >
      <BlockStack gap="400">
        <Streamed
          of={figures}
          fallback={<FiguresSkeleton cards={8} figures="explained" columns={FOUR_IN_A_ROW} />}
        >
          {(told) => (
            <BlockStack gap="400">
              <PartialHistory coverage={told.coverage} />
              {told.figures ? (
                <SegmentFigureCards figures={told.figures} coverage={told.coverage} />
              ) : (
                <WaitsForModel />
              )}
            </BlockStack>
          )}
        </Streamed>
        <RuleCard rule={rule} usual={USUAL_RULES[name]} />
        <Streamed of={below.movement} fallback={<BlockSkeleton height={CHART_HEIGHT} />}>
          {(told) => told.figures && <SegmentMovementCard movement={told.figures} coverage={told.coverage} />}
        </Streamed>
        <BelowTheFold height={DEEDS_PIXELS}>
          <BlockStack gap="400">
            <AudienceCard name={name} />
            <TagsCard tags={tags} />
          </BlockStack>
        </BelowTheFold>
      </BlockStack>
    </Page>
  );
}

export function ErrorBoundary() {
  const error = useRouteError();
  return isRouteErrorResponse(error) && error.status === 404 ? (
    <NoSuchSegment />
  ) : (
    <ErrorPage error={error} />
  );
}
