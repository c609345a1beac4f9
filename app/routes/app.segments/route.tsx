/** Segments: the shop's customers in groups, by what they did and by what is expected of them. */
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { BlockStack, Card, Page } from "@shopify/polaris";
import { authenticateMerchant } from "../../authentication.server.ts";
import { useTold } from "../../components/customers/use-told.ts";
import { Empty } from "../../components/frame/empty.tsx";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { ExportButton } from "../../components/frame/export-button.tsx";
import { BlockSkeleton, EmptyShop, PartialHistory, Streamed } from "../../components/frame/page-states.tsx";
import { useShow } from "../../components/frame/use-show.ts";
import { SegmentList } from "../../components/segments/segment-list.tsx";
import { BEHAVIOUR_SEGMENTS, RFM_SEGMENTS } from "../../core/segments/usual-segments.ts";
import { openSegments } from "../../services/segments/open-segments.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  return openSegments(db, shop);
}

export const meta: MetaFunction = () => [{ title: "Segments" }];

const LIST_HEIGHT = 720;

export default function Segments() {
  const { isEmpty, changed, sizes, values } = useLoaderData<typeof loader>();
  const told = useTold(values);
  const show = useShow();
  if (isEmpty) {
    return (
      <Page title="Segments">
        <EmptyShop about="Once customers have ordered, this page sorts them into groups." />
      </Page>
    );
  }
  return (
    <Page
      fullWidth
      title="Segments"
      subtitle="Your customers in groups"
      primaryAction={<ExportButton table="segments" />}
    >
      <Streamed of={sizes} fallback={<BlockSkeleton height={LIST_HEIGHT} />}>
        {({ figures, coverage }) =>
          coverage.guestOrdersShare === 1 ? (
            <Card>
              <Empty heading="All orders are guests’">
                <p>
                  Your shop has orders, but none of them names a customer, so there is nobody to sort into
                  groups.
                </p>
              </Empty>
            </Card>
          ) : (
            <BlockStack gap="400">
              <PartialHistory coverage={coverage} />
              <SegmentList
                title="By what they do"
                about={
                  coverage.lastOrderDay === null
                    ? "A customer can be in several of these."
                    : `As of ${show.day(coverage.lastOrderDay)}, the day of your last order. A customer can be in several of these.`
                }
                names={BEHAVIOUR_SEGMENTS}
                sizes={figures}
                values={told.value?.figures ?? null}
                changed={changed}
                coverage={coverage}
              />
              <SegmentList
                title="By recency, frequency and spend (RFM)"
                about="Each customer has a score from 1 to 5 for how lately, how often and for how much they bought, compared with all others. By the usual rules each is in one of these."
                names={RFM_SEGMENTS}
                sizes={figures}
                values={told.value?.figures ?? null}
                changed={changed}
                coverage={coverage}
              />
            </BlockStack>
          )
        }
      </Streamed>
    </Page>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
