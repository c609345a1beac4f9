/** Loyalty: the points programme, from its set-up to the rules that hold and what it has come to. */
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { Badge, Layout, Page } from "@shopify/polaris";
import { authenticateMerchant } from "../../authentication.server.ts";
import { ChangedMeanwhile } from "../../components/frame/changed-meanwhile.tsx";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { SaveBar, useLeaveConfirmation } from "../../components/frame/save-bar.tsx";
import { useShow } from "../../components/frame/use-show.ts";
import { DisputesSection } from "../../components/loyalty/disputes-section.tsx";
import { PreviewSection } from "../../components/loyalty/earning-preview.tsx";
import { PauseSection } from "../../components/loyalty/pause-section.tsx";
import { ProgrammeFigures } from "../../components/loyalty/programme-figures.tsx";
import { EarningSection, LifeSection } from "../../components/loyalty/rules-form.tsx";
import { useGoodsNames } from "../../components/loyalty/goods-names.ts";
import { BonusSection, EventsSection, MultipliersSection } from "../../components/loyalty/specials-form.tsx";
import { SurveySection } from "../../components/loyalty/survey-section.tsx";
import { SetUp } from "../../components/loyalty/set-up.tsx";
import { useRulesDraft } from "../../components/loyalty/use-rules-draft.ts";
import { useRefresh } from "../../components/sync/use-refresh.ts";
import { changeProgramme } from "../../services/loyalty/change-programme.server.ts";
import { changeSurvey } from "../../services/loyalty/change-survey.server.ts";
import { openProgramme } from "../../services/loyalty/open-programme.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  return openProgramme(db, shop);
}

export async function action(args: ActionFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const form = Object.fromEntries(await args.request.formData());
  const changed = (await changeProgramme(db, shop.id, form)) ?? (await changeSurvey(db, shop.id, form));
  if (!changed) throw new Response(null, { status: 400 });
  return changed;
}

export const meta: MetaFunction = () => [{ title: "Loyalty" }];

type Loaded = Awaited<ReturnType<typeof openProgramme>>;

const SAVE_BAR = "rules-save-bar";
const SECONDS_BETWEEN_LOOKS = 60;

export default function Loyalty() {
  const loaded = useLoaderData<typeof loader>();
  useRefresh(SECONDS_BETWEEN_LOOKS);
  if (loaded.programme)
    return (
      <Programme
        programme={loaded.programme}
        totals={loaded.totals}
        goods={loaded.goods}
        disputeScopes={loaded.disputeScopes}
        survey={loaded.survey}
      />
    );
  return (
    <Page title="Loyalty" subtitle="Points that bring customers back">
      <SetUp templates={loaded.templates} />
    </Page>
  );
}

function Programme({
  programme,
  totals,
  goods: { products, collections, today },
  disputeScopes,
  survey,
}: Pick<
  Extract<Loaded, { programme: object }>,
  "programme" | "totals" | "goods" | "disputeScopes" | "survey"
>) {
  const show = useShow();
  const draft = useRulesDraft(programme, show);
  const goods = useGoodsNames(products, collections);
  useLeaveConfirmation(draft.isChanged);
  const isPaused = programme.state === "paused";
  return (
    <Page
      title="Loyalty"
      subtitle={
        programme.startedAt === null ? "Points programme" : `Running since ${show.time(programme.startedAt)}`
      }
      titleMetadata={
        isPaused ? <Badge tone="attention">Paused</Badge> : <Badge tone="success">Running</Badge>
      }
      secondaryActions={[
        { content: "Rewards", url: "/app/loyalty/rewards" },
        { content: "VIP tiers", url: "/app/loyalty/tiers" },
        { content: "Other ways to earn", url: "/app/loyalty/earning" },
        { content: "Referrals", url: "/app/loyalty/referrals" },
        { content: "Activity", url: "/app/loyalty/activity" },
        { content: "Dry run", url: "/app/loyalty/dry-run" },
        { content: "Import", url: "/app/loyalty/import" },
        { content: "Export", url: "/app/loyalty/export" },
        { content: "Liability", url: "/app/loyalty/liability" },
        { content: "Return", url: "/app/loyalty/return" },
      ]}
    >
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
            <ChangedMeanwhile what="these rules" draft={draft} />
          </Layout.Section>
        )}
        <Layout.Section variant="fullWidth">
          <ProgrammeFigures totals={totals} />
        </Layout.Section>
        <EarningSection draft={draft} />
        <LifeSection draft={draft} />
        <MultipliersSection draft={draft} goods={goods} />
        <EventsSection draft={draft} goods={goods} today={today} />
        <BonusSection draft={draft} goods={goods} />
        <PreviewSection saved={programme.rules} read={draft.read} today={today} />
        <SurveySection {...survey} />
        <DisputesSection scopes={disputeScopes} />
        <PauseSection isPaused={isPaused} isAccruing={programme.rules.isAccruing} />
      </Layout>
    </Page>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
