/** Rewards: what members can have for their points, and what has become of each. */
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { BlockStack, Card, Page } from "@shopify/polaris";
import { authenticateMerchant } from "../../authentication.server.ts";
import { Empty } from "../../components/frame/empty.tsx";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { MissingScopes } from "../../components/loyalty/missing-scopes.tsx";
import { GoneRewards } from "../../components/loyalty/pool-card.tsx";
import { RewardList } from "../../components/loyalty/reward-list.tsx";
import { RewardTemplates } from "../../components/loyalty/reward-templates.tsx";
import { changeReward } from "../../services/loyalty/change-reward.server.ts";
import { openRewards } from "../../services/loyalty/open-rewards.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  return { page: await openRewards(db, shop) };
}

export async function action(args: ActionFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const form = Object.fromEntries(await args.request.formData());
  const changed = await changeReward(db, shop.id, form);
  if (!changed) throw new Response(null, { status: 400 });
  return changed;
}

export const meta: MetaFunction = () => [{ title: "Rewards" }];

const BACK = { content: "Loyalty", url: "/app/loyalty" };
const ABOUT = "What members can have for their points";

export default function Rewards() {
  const { page } = useLoaderData<typeof loader>();
  if (!page) {
    return (
      <Page title="Rewards" subtitle={ABOUT} backAction={BACK}>
        <Card>
          <Empty heading="There is no points programme yet">
            <p>Set one up on the page of loyalty; then members can have rewards for their points.</p>
          </Empty>
        </Card>
      </Page>
    );
  }
  const { rewards, missing, base, templates, counts, units, variantNames } = page;
  if (rewards.length === 0) {
    return (
      <Page title="Rewards" subtitle={ABOUT} backAction={BACK}>
        <RewardTemplates templates={templates} base={base} />
      </Page>
    );
  }
  const waiting = rewards.filter(({ isActive, gives }) => isActive && missing[gives.kind].length > 0);
  const scopes = new Set(waiting.flatMap(({ gives }) => missing[gives.kind]));
  return (
    <Page
      title="Rewards"
      subtitle={ABOUT}
      backAction={BACK}
      primaryAction={{ content: "Add a reward", url: "/app/loyalty/rewards/new" }}
    >
      <BlockStack gap="400">
        <MissingScopes scopes={[...scopes]} what={waiting.map(({ name }) => name).join(", ")} />
        <GoneRewards rewards={rewards} units={units} />
        <RewardList rewards={rewards} base={base} counts={counts} variantNames={variantNames} />
      </BlockStack>
    </Page>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
