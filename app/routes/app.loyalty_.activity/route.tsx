/** The programme's activity: every change of points, with what it was for. */
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { BlockStack, Card, Page } from "@shopify/polaris";
import { authenticateMerchant } from "../../authentication.server.ts";
import { Empty } from "../../components/frame/empty.tsx";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { ActivityTable } from "../../components/loyalty/activity-table.tsx";
import { RemindersCard } from "../../components/loyalty/expiry-reminders.tsx";
import { changeReminders } from "../../services/loyalty/change-reminders.server.ts";
import { openActivity } from "../../services/loyalty/open-activity.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  return openActivity(db, shop, new URL(args.request.url).searchParams);
}

export async function action(args: ActionFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const changed = await changeReminders(db, shop.id, Object.fromEntries(await args.request.formData()));
  if (!changed) throw new Response(null, { status: 400 });
  return changed;
}

export const meta: MetaFunction = () => [{ title: "Points activity" }];

export default function Activity() {
  const { page } = useLoaderData<typeof loader>();
  return (
    <Page
      title="Activity"
      subtitle="Every change of points, newest first"
      backAction={{ content: "Loyalty", url: "/app/loyalty" }}
    >
      {page ? (
        <BlockStack gap="400">
          <ActivityTable page={page} />
          <RemindersCard {...page.reminded} />
        </BlockStack>
      ) : (
        <Card>
          <Empty heading="There is no points programme yet">
            <p>Set one up on the page of loyalty, and every change of points appears here.</p>
          </Empty>
        </Card>
      )}
    </Page>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
