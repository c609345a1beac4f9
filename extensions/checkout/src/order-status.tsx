/** The order status page: what the order brought and when it can be used, joining, and a short survey. */
import "@shopify/ui-extensions/preact";
import { render } from "preact";
import { AfterOrder } from "./after-order.tsx";

export default function orderStatus(): void {
  render(<OrderStatus />, document.body);
}

function OrderStatus() {
  const [orderId = null] = /\d+$/.exec(shopify.order.value?.id ?? "") ?? [];
  const isGuest = shopify.authenticationState.value !== "fully_authenticated";
  const logIn = (
    <s-stack gap="small">
      <s-text>{shopify.i18n.translate("join.guest")}</s-text>
      <s-button onClick={() => void shopify.requireLogin()}>{shopify.i18n.translate("join.logIn")}</s-button>
    </s-stack>
  );
  // What an older order earned is not what today's rules say.
  return <AfterOrder api={shopify} orderId={orderId} isGuest={isGuest} estimate={null} logIn={logIn} />;
}
