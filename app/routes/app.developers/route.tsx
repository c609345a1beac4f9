/** For whoever connects other programs to the points programme: what is told to whom, and what has become of it. */
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { Box, Layout, Page } from "@shopify/polaris";
import { authenticateMerchant } from "../../authentication.server.ts";
import { DeliveriesCard } from "../../components/developers/deliveries-card.tsx";
import { EndpointsCard } from "../../components/developers/endpoints-card.tsx";
import { KeysCard } from "../../components/developers/keys-card.tsx";
import { FlowCard } from "../../components/developers/flow-card.tsx";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { PageSection } from "../../components/frame/page-section.tsx";
import { useRefresh } from "../../components/sync/use-refresh.ts";
import { changeDevelopers } from "../../services/developers/change-developers.server.ts";
import { openDevelopers } from "../../services/developers/open-developers.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  return openDevelopers(db, shop.id, new URL(args.request.url).searchParams);
}

export async function action(args: ActionFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const changed = await changeDevelopers(db, shop.id, Object.fromEntries(await args.request.formData()));
  if (!changed) throw new Response(null, { status: 400 });
  return changed;
}

export const meta: MetaFunction = () => [{ title: "Developers" }];

const SECONDS_BETWEEN_LOOKS = { sending: 3, still: 30 };

export default function Developers() {
  const { endpoints, triggers, deliveries, onlyFailed, keys, documentUrl } = useLoaderData<typeof loader>();
  const isSending = endpoints.some(({ isActive, counts }) => isActive && counts.waiting > 0);
  useRefresh(isSending ? SECONDS_BETWEEN_LOOKS.sending : SECONDS_BETWEEN_LOOKS.still);
  return (
    <Page title="Developers" subtitle="Connect other programs to your points">
      <Box paddingBlockEnd="800">
        <Layout>
          <PageSection
            id="flow"
            title="Shopify Flow"
            description="Workflows can begin with these events, and give points with the action “Add points”."
          >
            <FlowCard triggers={triggers} />
          </PageSection>
          <PageSection
            id="endpoints"
            title="Your own addresses"
            description="Events are sent there as they happen, as signed webhooks. They name customers by Shopify's id alone."
          >
            <EndpointsCard endpoints={endpoints} />
          </PageSection>
          <PageSection
            id="keys"
            title="HTTP API"
            description="Programs of yours ask for balances, give points and redeem them, with a key that says what they may."
          >
            <KeysCard keys={keys} documentUrl={documentUrl} />
          </PageSection>
          <PageSection
            id="deliveries"
            title="What was sent"
            description="What is not taken is tried again for a day and then given up. You can send it again from here."
          >
            <DeliveriesCard deliveries={deliveries} onlyFailed={onlyFailed} />
          </PageSection>
        </Layout>
      </Box>
    </Page>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
