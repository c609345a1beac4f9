/** Takes everything of the shop away as one archive. */
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useRouteError } from "@remix-run/react";
import { BlockStack, Page } from "@shopify/polaris";
import { authenticateMerchant } from "../../authentication.server.ts";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { EverythingCard } from "../../components/imports/everything-card.tsx";

export async function loader(args: LoaderFunctionArgs) {
  await authenticateMerchant(args);
  return null;
}

export const meta: MetaFunction = () => [{ title: "Export" }];

export default function ExportPage() {
  return (
    <Page
      title="Export"
      subtitle="Everything that Perennial keeps for you"
      backAction={{ content: "Loyalty", url: "/app/loyalty" }}
    >
      <BlockStack gap="400">
        <EverythingCard />
      </BlockStack>
    </Page>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
