/** What a member who brings a friend gets, and the friend. */
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
import {
  ConditionsSection,
  OfferSection,
  ReferralPreview,
} from "../../components/loyalty/referrals-form.tsx";
import { useReferralsDraft } from "../../components/loyalty/use-referrals-draft.ts";
import { changeReferrals } from "../../services/loyalty/change-referrals.server.ts";
import { openReferralSettings } from "../../services/loyalty/open-referral-settings.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const page = await openReferralSettings(db, shop);
  if (!page) throw redirect(`/app/loyalty${new URL(args.request.url).search}`);
  return page;
}

export async function action(args: ActionFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const changed = await changeReferrals(db, shop.id, Object.fromEntries(await args.request.formData()));
  if (!changed) throw new Response(null, { status: 400 });
  return changed;
}

export const meta: MetaFunction = () => [{ title: "Referral settings" }];

const SAVE_BAR = "referrals-save-bar";

export default function ReferralSettings() {
  const { referrals, rewards, domain, currency } = useLoaderData<typeof loader>();
  const draft = useReferralsDraft(referrals, currency);
  useLeaveConfirmation(draft.isChanged);
  return (
    <Page title="Referral settings" backAction={{ content: "Referrals", url: "/app/loyalty/referrals" }}>
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
            <ChangedMeanwhile what="the referral rules" draft={draft} />
          </Layout.Section>
        )}
        <OfferSection draft={draft} rewards={rewards} />
        <ConditionsSection draft={draft} currency={currency} />
        <Layout.Section variant="fullWidth">
          <ReferralPreview
            rules={draft.read.ok ? draft.read.rules : null}
            domain={domain}
            rewards={rewards}
          />
        </Layout.Section>
      </Layout>
    </Page>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
