/** VIP tiers: the ladder with what each brings, what a change would do, and who is where. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { BlockStack, Layout, Page } from "@shopify/polaris";
import { authenticateMerchant } from "../../authentication.server.ts";
import { ChangedMeanwhile } from "../../components/frame/changed-meanwhile.tsx";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { SaveBar, useLeaveConfirmation } from "../../components/frame/save-bar.tsx";
import { useShow } from "../../components/frame/use-show.ts";
import { AccessSection } from "../../components/loyalty/access-section.tsx";
import { TiersDryRun } from "../../components/loyalty/tiers-dry-run.tsx";
import { CountingSection, LadderSection } from "../../components/loyalty/tiers-form.tsx";
import { MembersByTier, TiersPreview } from "../../components/loyalty/tiers-preview.tsx";
import { useTiersDraft } from "../../components/loyalty/use-tiers-draft.ts";
import { useRefresh } from "../../components/sync/use-refresh.ts";
import { changeAccess } from "../../services/loyalty/change-access.server.ts";
import { changeTiers } from "../../services/loyalty/change-tiers.server.ts";
import { openTiers } from "../../services/loyalty/open-tiers.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const page = await openTiers(db, shop);
  if (!page) throw redirect(`/app/loyalty${new URL(args.request.url).search}`);
  return page;
}

export async function action(args: ActionFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const form = Object.fromEntries(await args.request.formData());
  const changed = (await changeTiers(db, shop, form)) ?? (await changeAccess(db, shop, form));
  if (!changed) throw new Response(null, { status: 400 });
  return changed;
}

export const meta: MetaFunction = () => [{ title: "VIP tiers" }];

const SAVE_BAR = "tiers-save-bar";
const SECONDS_BETWEEN_LOOKS = { judging: 3, still: 60 };

export default function Tiers() {
  const { tiers, version, ...page } = useLoaderData<typeof loader>();
  const { currency } = useShow();
  const draft = useTiersDraft({ tiers, version }, currency);
  useRefresh(page.isJudging ? SECONDS_BETWEEN_LOOKS.judging : SECONDS_BETWEEN_LOOKS.still);
  useLeaveConfirmation(draft.isChanged);
  const typed = draft.read.ok ? draft.read.tiers : null;
  return (
    <Page title="VIP tiers" backAction={{ content: "Loyalty", url: "/app/loyalty" }}>
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
            <ChangedMeanwhile what="these tiers" draft={draft} />
          </Layout.Section>
        )}
        <Layout.Section variant="fullWidth">
          <BlockStack gap="400">
            <MembersByTier tiers={tiers} {...page} />
          </BlockStack>
        </Layout.Section>
        <CountingSection draft={draft} />
        <LadderSection draft={draft} rewards={page.rewards} products={page.products} />
        <Layout.Section>
          <TiersPreview tiers={typed} />
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <TiersDryRun tiers={typed} />
        </Layout.Section>
        <AccessSection ladder={tiers.ladder} {...page} />
      </Layout>
    </Page>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
