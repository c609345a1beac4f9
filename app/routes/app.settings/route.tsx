/** What counts as revenue, whom to leave out, and what is kept of customers. */
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { Layout, Page } from "@shopify/polaris";
import { z } from "zod";
import { authenticateMerchant } from "../../authentication.server.ts";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { GuideSetting, Privacy, ShopDays, TagsNote } from "../../components/settings/settings-facts.tsx";
import { SettingsForm, type SettingsAnswer } from "../../components/settings/settings-form.tsx";
import { useRefresh } from "../../components/sync/use-refresh.ts";
import { changeGuide } from "../../services/settings/change-guide.server.ts";
import { saveSettings } from "../../services/settings/save-settings.server.ts";
import { parseSettings } from "../../services/settings/settings-input.server.ts";
import { shownSettings } from "../../services/settings/shown-settings.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { shop } = await authenticateMerchant(args);
  const settings = shownSettings(shop);
  return {
    settings,
    tags: {
      hasTags: settings.excludedTags.length > 0,
      isPending: shop.tagsVersion !== shop.tagsAppliedVersion,
      expected: shop.taggedExpected,
      found: shop.taggedFound,
    },
    timeZone: shop.timeZone,
    currency: shop.currency,
    isGuideDismissed: shop.guideDismissedAt !== null,
  };
}

const intent = z.enum(["save-settings", "show-guide"]);

export async function action(args: ActionFunctionArgs): Promise<SettingsAnswer> {
  const { db, shop } = await authenticateMerchant(args);
  const data = await args.request.formData();
  const asked = intent.safeParse(data.get("intent"));
  if (!asked.success) throw new Response(null, { status: 400 });
  if (asked.data === "show-guide") {
    await changeGuide(db, shop.id, "show-guide");
    return { ok: true };
  }
  const parsed = parseSettings(data);
  if (!parsed.ok) return { ok: false, errors: parsed.errors };
  const saved = await saveSettings(db, shop.id, parsed.input);
  return saved.ok ? { ok: true } : { ok: false, changedMeanwhile: true };
}

export const meta: MetaFunction = () => [{ title: "Settings" }];

const SECONDS_BETWEEN_LOOKS = { following: 2, still: 60 };

export default function Settings() {
  const { settings, tags, timeZone, currency, isGuideDismissed } = useLoaderData<typeof loader>();
  useRefresh(tags.isPending ? SECONDS_BETWEEN_LOOKS.following : SECONDS_BETWEEN_LOOKS.still);
  return (
    <Page title="Settings">
      <Layout>
        <SettingsForm settings={settings} tagsNote={<TagsNote progress={tags} />} />
        <ShopDays timeZone={timeZone} currency={currency} />
        <Privacy />
        <GuideSetting isDismissed={isGuideDismissed} />
      </Layout>
    </Page>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
