/** Recommendations: what each customer is shown and why, what that brings, and what the merchant wants seen or not. */
import {
  data,
  type ActionFunctionArgs,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { BlockStack, Layout, Page } from "@shopify/polaris";
import { authenticateMerchant } from "../../authentication.server.ts";
import { BelowTheFold } from "../../components/frame/below-the-fold.tsx";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { BlockSkeleton, EmptyShop, Streamed } from "../../components/frame/page-states.tsx";
import { CoverageCard } from "../../components/recommendations/coverage-card.tsx";
import { EffectCard, NotBegun } from "../../components/recommendations/effect-card.tsx";
import { CustomerSearch } from "../../components/recommendations/customer-search.tsx";
import { ListsPreview, NobodyKnown } from "../../components/recommendations/lists-preview.tsx";
import { SwitchesForm } from "../../components/recommendations/switches-form.tsx";
import { shopBounds } from "../../services/metrics/shop-bounds.server.ts";
import { changeRecommendations } from "../../services/recommendations/change-recommendations.server.ts";
import { openRecommendations } from "../../services/recommendations/open-recommendations.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const { firstDay } = await shopBounds(db.url, shop);
  const page = await openRecommendations(db, shop, args.request);
  // People's names are on the page.
  return data({ isEmpty: firstDay === null, ...page }, { headers: { "Cache-Control": "no-store" } });
}

export const headers: HeadersFunction = ({ errorHeaders, loaderHeaders }) => errorHeaders ?? loaderHeaders;

export async function action(args: ActionFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const form = Object.fromEntries(await args.request.formData());
  const changed = await changeRecommendations(db, shop.id, form);
  if (!changed) throw new Response(null, { status: 400 });
  return changed;
}

export const meta: MetaFunction = () => [{ title: "Recommendations" }];

const EFFECT_PIXELS = 300;
const COVERAGE_PIXELS = 240;
const SWITCHES_PIXELS = 600;

export default function Recommendations() {
  const { isEmpty, settings, names, typed, found, preview, below } = useLoaderData<typeof loader>();
  return (
    <Page title="Recommendations" subtitle="What each customer is shown, and why" fullWidth>
      <BlockStack gap="400">
        {isEmpty ? (
          <EmptyShop about="Once customers have ordered, this page shows what each of them would be recommended." />
        ) : (
          <>
            <CustomerSearch typed={typed} found={found} />
            <Streamed of={preview} fallback={<BlockSkeleton height={420} />}>
              {(shown) => (shown ? <ListsPreview preview={shown} /> : <NobodyKnown />)}
            </Streamed>
            <BelowTheFold height={EFFECT_PIXELS + COVERAGE_PIXELS}>
              <BlockStack gap="400">
                {below.effect && settings.startedAt !== null ? (
                  <Streamed of={below.effect} fallback={<BlockSkeleton height={EFFECT_PIXELS} />}>
                    {(told) => <EffectCard effect={told} startedAt={settings.startedAt ?? 0} />}
                  </Streamed>
                ) : (
                  <NotBegun />
                )}
                <Streamed of={below.coverage} fallback={<BlockSkeleton height={COVERAGE_PIXELS} />}>
                  {(told) => told && <CoverageCard coverage={told} />}
                </Streamed>
              </BlockStack>
            </BelowTheFold>
          </>
        )}
        <BelowTheFold height={SWITCHES_PIXELS}>
          <Layout>
            <SwitchesForm settings={settings} names={names} />
          </Layout>
        </BelowTheFold>
      </BlockStack>
    </Page>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
