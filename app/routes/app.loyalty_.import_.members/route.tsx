/** Whom an import is of: its rows in the order of the file, a page at a time. */
import { data, type HeadersFunction, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { Card, Page } from "@shopify/polaris";
import { authenticateMerchant } from "../../authentication.server.ts";
import { Empty } from "../../components/frame/empty.tsx";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { ImportMembers } from "../../components/imports/import-members.tsx";
import { openImportMembers } from "../../services/imports/open-import-members.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const page = await openImportMembers(db, shop, new URL(args.request.url).searchParams);
  // People's names are on the page.
  return data({ page }, { headers: { "Cache-Control": "no-store" } });
}

export const headers: HeadersFunction = ({ errorHeaders, loaderHeaders }) => errorHeaders ?? loaderHeaders;

export const meta: MetaFunction = () => [{ title: "Members of an import" }];

export default function Members() {
  const { page } = useLoaderData<typeof loader>();
  return (
    <Page
      title="Members of an import"
      subtitle="Row by row, in the order of the file"
      backAction={{ content: "Import", url: "/app/loyalty/import" }}
    >
      {page?.run ? (
        <ImportMembers page={{ ...page, run: page.run }} />
      ) : (
        <Card>
          <Empty heading="Nothing was imported yet">
            <p>Once a file of another app is counted, its members stand here with what each gets.</p>
          </Empty>
        </Card>
      )}
    </Page>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
