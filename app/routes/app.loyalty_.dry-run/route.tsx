/** Dry runs: what points for orders from before the programme, or today's rules for orders since, would come to before they are posted. */
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { BlockStack, Card, Page } from "@shopify/polaris";
import { authenticateMerchant } from "../../authentication.server.ts";
import { Empty } from "../../components/frame/empty.tsx";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { DryRunCard } from "../../components/loyalty/dry-run-card.tsx";
import { DryRunForm } from "../../components/loyalty/dry-run-form.tsx";
import { useRefresh } from "../../components/sync/use-refresh.ts";
import { changeDryRuns } from "../../services/loyalty/change-dry-run.server.ts";
import { openDryRun } from "../../services/loyalty/open-dry-run.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  return { page: await openDryRun(db, shop) };
}

export async function action(args: ActionFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const changed = await changeDryRuns(db, shop, Object.fromEntries(await args.request.formData()));
  if (!changed) throw new Response(null, { status: 400 });
  return changed;
}

export const meta: MetaFunction = () => [{ title: "Dry run" }];

const SECONDS_BETWEEN_LOOKS = { running: 2, idle: 60 };

export default function DryRunPage() {
  const { page } = useLoaderData<typeof loader>();
  const state = page?.run?.state;
  const isRunning = state === "counting" || state === "applying" || state === "undoing";
  useRefresh(isRunning ? SECONDS_BETWEEN_LOOKS.running : SECONDS_BETWEEN_LOOKS.idle);
  return (
    <Page
      title="Dry run"
      subtitle="See what a change would come to before any balance changes"
      backAction={{ content: "Loyalty", url: "/app/loyalty" }}
    >
      {page ? (
        <BlockStack gap="400">
          {page.run && (
            <DryRunCard
              run={page.run}
              liabilityMinor={page.liabilityMinor}
              redeemedShare={page.redeemedShare}
            />
          )}
          <DryRunForm
            startedAt={page.startedAt}
            isAccruing={page.isAccruing}
            hasOtherRules={page.hasOtherRules}
            isBusy={isRunning}
          />
        </BlockStack>
      ) : (
        <Card>
          <Empty heading="There is no points programme yet">
            <p>Set one up on the page of loyalty; then orders from before can earn points, too.</p>
          </Empty>
        </Card>
      )}
    </Page>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
