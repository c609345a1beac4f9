/** The thank-you page: what the order earns and when, joining, and a short survey. */
import "@shopify/ui-extensions/preact";
import { render } from "preact";
import { factsOf } from "../../shared/facts.ts";
import { AfterOrder } from "./after-order.tsx";
import { Estimate } from "./estimate.tsx";

export default function thankYou(): void {
  render(<ThankYou />, document.body);
}

function ThankYou() {
  const { programme, member } = factsOf(shopify.appMetafields.value);
  const isGuest = !member && shopify.buyerIdentity?.customer.value === undefined;
  const [orderId = null] = /\d+$/.exec(shopify.orderConfirmation.value.order.id) ?? [];
  const { storefrontUrl } = shopify.shop;
  return (
    <AfterOrder
      api={shopify}
      orderId={orderId}
      isGuest={isGuest}
      estimate={programme?.rules ? <Estimate api={shopify} rules={programme.rules} member={member} /> : null}
      logIn={
        <s-stack gap="small">
          <s-text>{shopify.i18n.translate("join.guest")}</s-text>
          {storefrontUrl !== undefined && (
            <s-link href={new URL("/account", storefrontUrl).href}>
              {shopify.i18n.translate("join.logIn")}
            </s-link>
          )}
        </s-stack>
      }
    />
  );
}
