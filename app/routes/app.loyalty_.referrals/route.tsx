/** Referrals: who brought whom, what was found, and the merchant's word. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { Badge, Page } from "@shopify/polaris";
import { authenticateMerchant } from "../../authentication.server.ts";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { ReferralTable } from "../../components/loyalty/referral-table.tsx";
import { openReferrals } from "../../services/loyalty/open-referrals.server.ts";
import { overruleReferral } from "../../services/loyalty/overrule-referral.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const { search, searchParams } = new URL(args.request.url);
  const page = await openReferrals(db, shop, searchParams);
  if (!page) throw redirect(`/app/loyalty${search}`);
  return page;
}

export async function action(args: ActionFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const done = await overruleReferral(db, shop.id, Object.fromEntries(await args.request.formData()));
  if (!done) throw new Response(null, { status: 400 });
  return done;
}

export const meta: MetaFunction = () => [{ title: "Referrals" }];

export default function Referrals() {
  const page = useLoaderData<typeof loader>();
  return (
    <Page
      title="Referrals"
      subtitle="Friends whom members have brought, newest first"
      titleMetadata={page.isOn ? <Badge tone="success">On</Badge> : <Badge>Off</Badge>}
      backAction={{ content: "Loyalty", url: "/app/loyalty" }}
      secondaryActions={[{ content: "Settings", url: "/app/loyalty/referrals/settings" }]}
    >
      <ReferralTable page={page} />
    </Page>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
