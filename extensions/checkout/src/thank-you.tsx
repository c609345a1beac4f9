/** The thank-you page: the points that the customer can spend. */
import "@shopify/ui-extensions/preact";
import { render } from "preact";

export default function thankYou(): void {
  render(<Balance />, document.body);
}

function Balance() {
  const entry = shopify.appMetafields.value.find(
    ({ target, metafield }) => target.type === "customer" && metafield.key === "points",
  );
  if (!entry) return null;
  const { translate, formatNumber } = shopify.i18n;
  const count = Number(entry.metafield.value);
  return (
    <s-section heading={translate("points.heading")}>
      <s-text>{translate("points.balance", { count, points: formatNumber(count) })}</s-text>
    </s-section>
  );
}
