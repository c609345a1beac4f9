/** Other ways to earn: what members get points for beside orders. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { Layout, Page } from "@shopify/polaris";
import { authenticateMerchant } from "../../authentication.server.ts";
import { ChangedMeanwhile } from "../../components/frame/changed-meanwhile.tsx";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { SaveBar, useLeaveConfirmation } from "../../components/frame/save-bar.tsx";
import { NamedSection, SingleSection, WaysPreview } from "../../components/loyalty/activities-form.tsx";
import { useActivitiesDraft } from "../../components/loyalty/use-activities-draft.ts";
import { changeActivities } from "../../services/loyalty/change-activities.server.ts";
import { openActivities } from "../../services/loyalty/open-activities.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const page = await openActivities(db, shop);
  if (!page) throw redirect(`/app/loyalty${new URL(args.request.url).search}`);
  return page;
}

export async function action(args: ActionFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const changed = await changeActivities(db, shop.id, Object.fromEntries(await args.request.formData()));
  if (!changed) throw new Response(null, { status: 400 });
  return changed;
}

export const meta: MetaFunction = () => [{ title: "Other ways to earn" }];

const SAVE_BAR = "activities-save-bar";

export default function Earning() {
  const { activities, earned } = useLoaderData<typeof loader>();
  const draft = useActivitiesDraft(activities);
  useLeaveConfirmation(draft.isChanged);
  return (
    <Page title="Other ways to earn" backAction={{ content: "Loyalty", url: "/app/loyalty" }}>
      <SaveBar
        id={SAVE_BAR}
        shown={draft.isChanged}
        busy={draft.isSaving}
        onSave={draft.save}
        onDiscard={draft.discard}
      />
      <Layout>
        {draft.isChangedMeanwhile && (
          <Layout.Section variant="fullWidth">
            <ChangedMeanwhile what="these ways to earn" draft={draft} />
          </Layout.Section>
        )}
        <SingleSection draft={draft} earned={earned} />
        <NamedSection kind="follow" draft={draft} earned={earned} />
        <NamedSection kind="custom" draft={draft} earned={earned} />
        <Layout.Section variant="fullWidth">
          <WaysPreview activities={draft.read.ok ? draft.read.activities : null} />
        </Layout.Section>
      </Layout>
    </Page>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
