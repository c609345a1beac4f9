/** One customer: what they are worth, their orders and refunds, and what happened when. */
import {
  data,
  redirect,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { isRouteErrorResponse, useLoaderData, useNavigate, useRouteError } from "@remix-run/react";
import { Page } from "@shopify/polaris";
import { authenticateMerchant } from "../../authentication.server.ts";
import { CustomerOutlookCards } from "../../components/customers/customer-outlook.tsx";
import { CustomerPage, CustomerPageSkeleton } from "../../components/customers/customer-page.tsx";
import { ErasedCustomer } from "../../components/customers/erased-customer.tsx";
import { NoSuchCustomer } from "../../components/customers/no-such-customer.tsx";
import { useCustomerName } from "../../components/customers/use-customer-name.ts";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import { Streamed } from "../../components/frame/page-states.tsx";
import { openCustomer } from "../../services/customers/open-customer.server.ts";
import { readCustomerAddress } from "../../services/customers/read-customer-list.server.ts";
import { readValueView } from "../../services/value/load-value.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const { search, searchParams } = new URL(args.request.url);
  const address = readCustomerAddress(args.params.customerId, searchParams);
  if (!address) throw new Response(null, { status: 404 });
  const page = await openCustomer(db, shop, address, readValueView(searchParams));
  const { standing } = page;
  if (standing.kind === "unknown") throw new Response(null, { status: 404 });
  if (standing.kind === "merged") throw redirect(`/app/customers/${standing.intoId}${search}`);
  // A person's name is on the page.
  return data({ ...page, standing }, { headers: { "Cache-Control": "no-store" } });
}

export const headers: HeadersFunction = ({ errorHeaders, loaderHeaders }) => errorHeaders ?? loaderHeaders;

export const meta: MetaFunction = () => [{ title: "Customer" }];

const NO_NAMES = Promise.resolve(null);

export default function OneCustomer() {
  const { customerId, standing, customer, outlook, names, said } = useLoaderData<typeof loader>();
  const named = useCustomerName(customerId, names ?? NO_NAMES);
  const back = useWayBack();
  if (standing.kind === "erased" || !customer) {
    return (
      <Page title={`Customer ${customerId}`} backAction={back}>
        {standing.kind === "erased" && <ErasedCustomer erasedAt={standing.erasedAt} />}
      </Page>
    );
  }
  return (
    <div style={{ overflowWrap: "anywhere" }}>
      <Page
        title={named.title}
        subtitle={named.subtitle}
        backAction={back}
        secondaryActions={[
          { content: "Points", url: `/app/customers/${customerId}/points` },
          { content: "Recommendations", url: `/app/recommendations?customer=${customerId}` },
          {
            content: "View in Shopify",
            accessibilityLabel: "View this customer in Shopify",
            // App Bridge takes this address to the admin around the app.
            onAction: () => void open(`shopify://admin/customers/${customerId}`, "_top"),
          },
        ]}
      >
        <Streamed of={customer} fallback={<CustomerPageSkeleton />}>
          {(loaded) => (
            <CustomerPage
              customerId={customerId}
              standing={standing}
              loaded={loaded}
              said={said}
              outlook={outlook && <CustomerOutlookCards outlook={outlook} excluded={standing.excluded} />}
              hasForecast={Boolean(outlook?.told) && !standing.excluded}
            />
          )}
        </Streamed>
      </Page>
    </div>
  );
}

/** To the list as it was left; a page that was opened by its address leads to the whole list. */
function useWayBack() {
  const navigate = useNavigate();
  return {
    content: "Customers",
    onAction: () => {
      const { idx = 0 } = (history.state ?? {}) as { idx?: number };
      void (idx > 0 ? navigate(-1) : navigate("/app/customers"));
    },
  };
}

export function ErrorBoundary() {
  const error = useRouteError();
  return isRouteErrorResponse(error) && error.status === 404 ? (
    <NoSuchCustomer />
  ) : (
    <ErrorPage error={error} />
  );
}
