/** Return on the programme: what it brings, told by customers who were drawn to be kept out, or by members beside customers like them. */
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { BlockStack, Card, Page } from "@shopify/polaris";
import { authenticateMerchant } from "../../authentication.server.ts";
import { Empty } from "../../components/frame/empty.tsx";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { BlockSkeleton, Streamed } from "../../components/frame/page-states.tsx";
import { HoldOutCard } from "../../components/loyalty/hold-out-card.tsx";
import { ReturnReport } from "../../components/loyalty/return-report.tsx";
import { changeHoldOut } from "../../services/loyalty/change-hold-out.server.ts";
import { openReturn } from "../../services/loyalty/open-return.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  return openReturn(db, shop);
}

export async function action(args: ActionFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const changed = await changeHoldOut(db, shop.id, Object.fromEntries(await args.request.formData()));
  if (!changed) throw new Response(null, { status: 400 });
  return changed;
}

export const meta: MetaFunction = () => [{ title: "Return on the programme" }];

export default function Return() {
  const page = useLoaderData<typeof loader>();
  return (
    <Page
      title="Return on the programme"
      subtitle="What members bring that they would not have brought anyway"
      backAction={{ content: "Loyalty", url: "/app/loyalty" }}
    >
      {page.hasProgramme ? (
        <BlockStack gap="400">
          <Streamed of={page.told} fallback={<BlockSkeleton height={420} />}>
            {(told) => <ReturnReport told={told} membership={page.membership} />}
          </Streamed>
          <HoldOutCard holdOut={page.holdOut} />
        </BlockStack>
      ) : (
        <Card>
          <Empty heading="There is no points programme yet">
            <p>Set one up on the page of loyalty. You can measure what it brings from its first day.</p>
          </Empty>
        </Card>
      )}
    </Page>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
