/** One reward, or a new one: its fields beside what a member sees of it. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { isRouteErrorResponse, useLoaderData, useNavigate, useRouteError } from "@remix-run/react";
import { Badge, BlockStack, Layout, Page } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { authenticateMerchant } from "../../authentication.server.ts";
import { useTold } from "../../components/customers/use-told.ts";
import { ChangedMeanwhile } from "../../components/frame/changed-meanwhile.tsx";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { SaveBar, useLeaveConfirmation } from "../../components/frame/save-bar.tsx";
import { useShow } from "../../components/frame/use-show.ts";
import { DonationsCard } from "../../components/loyalty/donations-card.tsx";
import { ConfirmCard, HoldersCard } from "../../components/loyalty/holders-card.tsx";
import { MissingScopes } from "../../components/loyalty/missing-scopes.tsx";
import { NoSuchReward } from "../../components/loyalty/no-such-reward.tsx";
import { OfferCard } from "../../components/loyalty/offer-card.tsx";
import { PoolCard } from "../../components/loyalty/pool-card.tsx";
import { RewardForm } from "../../components/loyalty/reward-form.tsx";
import { RewardPreview } from "../../components/loyalty/reward-preview.tsx";
import { worthInWords } from "../../components/loyalty/reward-words.ts";
import { useRewardDraft } from "../../components/loyalty/use-reward-draft.ts";
import { changeReward } from "../../services/loyalty/change-reward.server.ts";
import { openReward } from "../../services/loyalty/open-rewards.server.ts";

const LIST = "/app/loyalty/rewards";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const { search, searchParams } = new URL(args.request.url);
  const page = await openReward(db, shop, args.params["rewardId"] ?? "", searchParams);
  if (page === "no-programme") throw redirect(`${LIST}${search}`);
  if (!page) throw new Response(null, { status: 404 });
  return page;
}

export async function action(args: ActionFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const form = Object.fromEntries(await args.request.formData());
  const changed = await changeReward(db, shop.id, form);
  if (!changed) throw new Response(null, { status: 400 });
  return changed;
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data?.reward ? data.reward.name : "New reward" },
];

const SAVE_BAR = "reward-save-bar";

export default function OneReward() {
  const page = useLoaderData<typeof loader>();
  // A new one that is saved becomes another page's.
  return <RewardEditor key={page.reward?.id ?? "new"} page={page} />;
}

function RewardEditor({ page }: { page: ReturnType<typeof useLoaderData<typeof loader>> }) {
  const { reward, beginning, isFromTemplate, base, missing, held, variantNames, takesAmounts } = page;
  const show = useShow();
  const navigate = useNavigate();
  const name = isFromTemplate ? worthInWords(beginning.gives, show) : "";
  const draft = useRewardDraft({ reward, beginning }, name, show.currency);
  const { value: told } = useTold<Readonly<Record<number, string>> | null>(variantNames);
  const { value: hasFunction } = useTold<boolean | null>(takesAmounts);
  const [picked, setPicked] = useState<Readonly<Record<number, string>>>({});
  const isSaved = reward === null && draft.answer?.ok === true;
  useLeaveConfirmation(draft.isChanged && !isSaved);
  useEffect(() => {
    if (isSaved) void navigate(`${LIST}/${draft.newId}`, { replace: true });
  }, [isSaved, draft.newId, navigate]);
  const { variantId, kind } = draft.typed;
  const product = variantId === null ? undefined : (picked[variantId] ?? told?.[variantId]);
  return (
    <div style={{ overflowWrap: "anywhere" }}>
      <Page
        title={reward ? reward.name : "New reward"}
        backAction={{ content: "Rewards", url: LIST }}
        titleMetadata={
          reward && (reward.isActive ? <Badge tone="success">Offered</Badge> : <Badge>Not offered</Badge>)
        }
      >
        <SaveBar
          id={SAVE_BAR}
          shown={(draft.isChanged || reward === null) && !isSaved}
          busy={draft.isSaving}
          onSave={draft.save}
          onDiscard={() => (reward ? draft.discard() : void navigate(LIST))}
        />
        <BlockStack gap="400">
          {draft.isChangedMeanwhile && <ChangedMeanwhile what="this reward" draft={draft} />}
          <MissingScopes scopes={missing[kind]} what="This kind of reward" />
          <Layout>
            <Layout.Section>
              <RewardForm
                draft={draft}
                product={product}
                lacksFunction={hasFunction === false}
                onProduct={(id, title) => setPicked({ ...picked, [id]: title })}
              />
            </Layout.Section>
            <Layout.Section variant="oneThird">
              <BlockStack gap="400">
                <RewardPreview
                  reward={draft.read.ok ? draft.read.reward : null}
                  base={base}
                  product={product}
                />
                {reward && <OfferCard reward={reward} held={held} />}
                {reward && <PoolCard reward={reward} units={page.units} />}
                {reward?.gives.kind === "refill" && <ConfirmCard rewardId={reward.id} />}
              </BlockStack>
            </Layout.Section>
          </Layout>
          {reward && page.holders && (
            <HoldersCard rewardId={reward.id} holders={page.holders} names={page.names} />
          )}
          {page.donations && <DonationsCard donations={page.donations} />}
        </BlockStack>
      </Page>
    </div>
  );
}

export function ErrorBoundary() {
  const error = useRouteError();
  return isRouteErrorResponse(error) && error.status === 404 ? <NoSuchReward /> : <ErrorPage error={error} />;
}
