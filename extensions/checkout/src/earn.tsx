/** In checkout: what this order earns, and how far the next reward is. */
import "@shopify/ui-extensions/preact";
import { render } from "preact";
import { factsOf, tierOf } from "../../shared/facts.ts";
import { Estimate } from "./estimate.tsx";
import { reachOf, rewardsFor } from "./rewards.ts";
import { pointsIn, type I18n } from "./words.ts";

export default function earn(): void {
  render(<Earn />, document.body);
}

function Earn() {
  const i18n = shopify.i18n as I18n;
  const { translate } = i18n;
  const { programme, member } = factsOf(shopify.appMetafields.value);
  if (!programme?.rules) return null;
  const currency = shopify.localization.currency.value.isoCode;
  const tier = tierOf(programme, member);
  const next = member && reachOf(rewardsFor(programme, currency), member).next;
  return (
    <s-section heading={translate("earn.heading")}>
      <s-stack gap="small">
        <Estimate
          api={shopify}
          rules={programme.rules}
          member={member}
          otherwise={<s-text>{translate("order.nothing")}</s-text>}
        />
        {tier && <s-text>{translate("tier", { tier: tier.name })}</s-text>}
        {!member && <s-text>{translate("earn.join")}</s-text>}
        {next && (
          <s-text>
            {translate("goal", { points: pointsIn(i18n, next.missing), reward: next.reward.name })}
          </s-text>
        )}
      </s-stack>
    </s-section>
  );
}
