/** Texts and languages: every text that shoppers see of Perennial, as the merchant wants it. */
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { BlockStack, Card, InlineGrid, Page, Select, TextField } from "@shopify/polaris";
import { useState } from "react";
import { authenticateMerchant } from "../../authentication.server.ts";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { useAddress } from "../../components/frame/use-address.ts";
import { TextList } from "../../components/storefront/text-list.tsx";
import { LANGUAGE_NAMES } from "../../components/storefront/text-words.ts";
import { changeText } from "../../services/storefront/change-text.server.ts";
import { openTexts } from "../../services/storefront/open-texts.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  return openTexts(db, shop, new URL(args.request.url).searchParams);
}

export async function action(args: ActionFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const changed = await changeText(db, shop, Object.fromEntries(await args.request.formData()));
  if (!changed) throw new Response(null, { status: 400 });
  return changed;
}

export const meta: MetaFunction = () => [{ title: "Texts and languages" }];

export default function StorefrontTexts() {
  const { language, texts } = useLoaderData<typeof loader>();
  const [, change] = useAddress();
  const [find, setFind] = useState("");
  return (
    <Page
      title="Texts and languages"
      subtitle="Every text that shoppers see, in your words"
      backAction={{ content: "Storefront", url: "/app/storefront" }}
    >
      <BlockStack gap="400">
        <Card>
          <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
            <Select
              label="Language"
              options={LANGUAGE_NAMES}
              value={language}
              onChange={(chosen) => change({ language: chosen }, { replace: true })}
            />
            <TextField
              label="Look for a text"
              value={find}
              onChange={setFind}
              autoComplete="off"
              clearButton
              onClearButtonClick={() => setFind("")}
            />
          </InlineGrid>
        </Card>
        <TextList key={language} language={language} texts={texts} find={find} />
      </BlockStack>
    </Page>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
