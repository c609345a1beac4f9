/** One customer's points: the account line by line, adjusted and undone by hand, or the way into the programme. */
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { isRouteErrorResponse, useLoaderData, useRouteError } from "@remix-run/react";
import { Page } from "@shopify/polaris";
import { authenticateMerchant } from "../../authentication.server.ts";
import { ErasedCustomer } from "../../components/customers/erased-customer.tsx";
import { NoSuchCustomer } from "../../components/customers/no-such-customer.tsx";
import { useCustomerName } from "../../components/customers/use-customer-name.ts";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { MemberPage, NoMember } from "../../components/loyalty/member-page.tsx";
import { readCustomerAddress } from "../../services/customers/read-customer-list.server.ts";
import { changeMember } from "../../services/loyalty/change-member.server.ts";
import { openMember } from "../../services/loyalty/open-member.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const { search, searchParams } = new URL(args.request.url);
  const address = readCustomerAddress(args.params.customerId, searchParams);
  if (!address) throw new Response(null, { status: 404 });
  const page = await openMember(db, shop, address.customerId, searchParams);
  const { standing } = page;
  if (standing.kind === "unknown") throw new Response(null, { status: 404 });
  if (standing.kind === "merged") throw redirect(`/app/customers/${standing.intoId}/points${search}`);
  // A person's name is on the page.
  return data({ ...page, standing }, { headers: { "Cache-Control": "no-store" } });
}

export async function action(args: ActionFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const address = readCustomerAddress(args.params.customerId, new URLSearchParams());
  const form = Object.fromEntries(await args.request.formData());
  const changed = address && (await changeMember(db, shop, address.customerId, form));
  if (!changed) throw new Response(null, { status: 400 });
  return changed;
}

export const headers: HeadersFunction = ({ errorHeaders, loaderHeaders }) => errorHeaders ?? loaderHeaders;

export const meta: MetaFunction = () => [{ title: "Points of a customer" }];

const NO_NAMES = Promise.resolve(null);

export default function PointsOfCustomer() {
  const { customerId, standing, hasProgramme, account, names } = useLoaderData<typeof loader>();
  const named = useCustomerName(customerId, names ?? NO_NAMES);
  const back = { content: "Customer", url: `/app/customers/${customerId}` };
  if (standing.kind === "erased") {
    return (
      <Page title={`Customer ${customerId}`} backAction={back}>
        <ErasedCustomer erasedAt={standing.erasedAt} />
      </Page>
    );
  }
  return (
    <div style={{ overflowWrap: "anywhere" }}>
      <Page title={named.title} subtitle="Points" backAction={back}>
        {account ? (
          <MemberPage account={account} customerId={customerId} />
        ) : (
          <NoMember hasProgramme={hasProgramme} />
        )}
      </Page>
    </div>
  );
}

export function ErrorBoundary() {
  const error = useRouteError();
  return isRouteErrorResponse(error) && error.status === 404 ? (
    <NoSuchCustomer />
  ) : (
    <ErrorPage error={error} />
  );
}
