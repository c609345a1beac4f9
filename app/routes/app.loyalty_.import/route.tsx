/** Brings what another loyalty app kept of members here: a file, what it would come to, the giving, and taking it back. */
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { BlockStack, Card, Page } from "@shopify/polaris";
import { authenticateMerchant } from "../../authentication.server.ts";
import { Empty } from "../../components/frame/empty.tsx";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { ImportHistory } from "../../components/imports/import-history.tsx";
import { ImportSteps } from "../../components/imports/import-steps.tsx";
import { useRefresh } from "../../components/sync/use-refresh.ts";
import { changeImports } from "../../services/imports/change-imports.server.ts";
import { openImports } from "../../services/imports/open-imports.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  return { page: await openImports(db, shop, new URL(args.request.url).searchParams.get("undo")) };
}

export async function action(args: ActionFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const changed = await changeImports(db, shop, Object.fromEntries(await args.request.formData()));
  if (!changed) throw new Response(null, { status: 400 });
  return changed;
}

export const meta: MetaFunction = () => [{ title: "Import" }];

const SECONDS_BETWEEN_LOOKS = { running: 2, idle: 60 };

export default function ImportPage() {
  const { page } = useLoaderData<typeof loader>();
  const state = page?.current?.state;
  const isWaiting = page?.customers?.state === "waiting";
  const isRunning = isWaiting || state === "reading" || state === "applying" || state === "undoing";
  useRefresh(isRunning ? SECONDS_BETWEEN_LOOKS.running : SECONDS_BETWEEN_LOOKS.idle);
  return (
    <Page
      title="Import"
      subtitle="Bring points, tiers and birthdays from another loyalty app"
      backAction={{ content: "Loyalty", url: "/app/loyalty" }}
    >
      {page ? (
        <BlockStack gap="400">
          <ImportSteps page={page} />
          <ImportHistory past={page.past} tiers={page.tiers} />
        </BlockStack>
      ) : (
        <Card>
          <Empty heading="There is no points programme yet">
            <p>Set one up on the page of loyalty; then balances of another app can be brought here.</p>
          </Empty>
        </Card>
      )}
    </Page>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
