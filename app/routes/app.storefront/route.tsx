/** Storefront: what shoppers can see of Perennial, and how it gets into the theme. */
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { Banner, BlockStack, Button, Card, InlineStack, Page, Text } from "@shopify/polaris";
import { authenticateMerchant } from "../../authentication.server.ts";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { useShow } from "../../components/frame/use-show.ts";
import { BlockList } from "../../components/storefront/block-list.tsx";
import { PublishingCard } from "../../components/storefront/publishing-card.tsx";
import { ShownCard } from "../../components/storefront/shown-card.tsx";
import { changeStorefront } from "../../services/storefront/change-storefront.server.ts";
import { openStorefrontPage } from "../../services/storefront/open-storefront.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  return openStorefrontPage(db, shop);
}

export async function action(args: ActionFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const changed = await changeStorefront(db, shop, Object.fromEntries(await args.request.formData()));
  if (!changed) throw new Response(null, { status: 400 });
  return changed;
}

export const meta: MetaFunction = () => [{ title: "Storefront" }];

export default function Storefront() {
  const { programme, isOn, missingScopes, blocks, changedTexts, mayRead, placed, publishing, tooLargeRules } =
    useLoaderData<typeof loader>();
  return (
    <Page title="Storefront" subtitle="What shoppers see of points and recommendations">
      <BlockStack gap="400">
        <ProgrammeState state={programme} />
        {tooLargeRules && <TooLargeRules {...tooLargeRules} />}
        <ShownCard isOn={isOn} missingScopes={missingScopes} />
        {isOn && <PublishingCard publishing={publishing} />}
        <BlockList blocks={blocks} mayRead={mayRead} placed={placed} />
        <Card>
          <InlineStack gap="300" align="space-between" blockAlign="center">
            <BlockStack gap="050">
              <Text as="h2" variant="headingMd">
                Texts and languages
              </Text>
              <Text as="p">
                {changedTexts === 0
                  ? "Everything is in the usual words, in six languages."
                  : `In your own words: ${changedTexts} of the texts.`}
              </Text>
            </BlockStack>
            <Button url="/app/storefront/texts">Change texts</Button>
          </InlineStack>
        </Card>
      </BlockStack>
    </Page>
  );
}

function TooLargeRules({ bytes, mostBytes }: { bytes: number; mostBytes: number }) {
  const show = useShow();
  const kilobytes = (size: number) => show.count(Math.ceil(size / 1_000));
  return (
    <Banner
      tone="critical"
      title="Your earning rules are too large to be shown"
      action={{ content: "Change the rules", url: "/app/loyalty" }}
    >
      <p>
        {`They come to ${kilobytes(bytes)} kB, and Shopify takes ${kilobytes(mostBytes)} kB. Orders earn as the rules say, but product pages and the cart promise no points. Name fewer products one by one: use a collection, a product type or a tag instead.`}
      </p>
    </Banner>
  );
}

function ProgrammeState({ state }: { state: string | null }) {
  if (state === "running") return null;
  if (state === "paused") {
    return (
      <Banner tone="info" title="The programme is paused">
        <p>Members see their points, and nobody can redeem.</p>
      </Banner>
    );
  }
  return (
    <Banner
      tone="warning"
      title="There is no points programme to show yet"
      action={{ content: "Set one up", url: "/app/loyalty" }}
    >
      <p>Blocks about points stay empty until it runs. Recommendations do not need it.</p>
    </Banner>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
