/** What recommendations bring, by the customers who were drawn not to see them. */
import { BlockStack, Card, InlineStack, Text } from "@shopify/polaris";
import type { EffectOutcome } from "../../core/experiments/effect.ts";
import type { HeldOutEffect, SideSoFar } from "../../core/experiments/held-out-effect.ts";
import { PlainTable } from "../charts/plain-table.tsx";
import { Empty } from "../frame/empty.tsx";
import type { Show } from "../frame/show.ts";
import { useShow } from "../frame/use-show.ts";
import { FigureInformation } from "../metrics/figure-card.tsx";

export function NotBegun() {
  return (
    <Card>
      <Empty heading="What it brings is not being measured yet">
        <p>
          The comparison begins when the first customer is shown recommendations, or when you save this page.
        </p>
      </Empty>
    </Card>
  );
}

export function EffectCard({ effect, startedAt }: { effect: HeldOutEffect; startedAt: number }) {
  const show = useShow();
  const { shown, heldOut, observedDays } = effect;
  const row = (label: string, tell: (side: SideSoFar) => string) => [label, tell(shown), tell(heldOut)];
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack align="space-between" blockAlign="center" wrap={false} gap="200">
          <Text as="h2" variant="headingMd">
            What it brings
          </Text>
          <FigureInformation name="recommendationEffect" label="What it brings" />
        </InlineStack>
        <Text as="p" tone="subdued">
          {`Since ${show.date(startedAt)}`}
        </Text>
        <div style={{ overflow: "auto" }} tabIndex={0} role="region" aria-label="What it brings">
          <PlainTable
            caption={`What it brings since ${show.date(startedAt)}`}
            table={{
              headings: ["Figure", "Own lists", "Held out"],
              rows: [
                row("Customers", ({ customers }) => show.count(customers)),
                row("Ordered since", ({ ordered, customers }) =>
                  show.share(customers === 0 ? null : ordered / customers),
                ),
                row("Net sales per customer", ({ netMinor, customers }) =>
                  show.estimate(customers === 0 ? null : netMinor / customers),
                ),
              ],
            }}
          />
        </div>
        <Verdict
          title={`Ordering within ${observedDays} days`}
          words={wordsOf(effect, effect.repeat, (share) => pointsOf(share, show), show)}
        />
        <Verdict
          title={`Net sales per customer within ${observedDays} days`}
          words={wordsOf(effect, effect.revenue, show.estimate, show)}
        />
      </BlockStack>
    </Card>
  );
}

function Verdict({ title, words }: { title: string; words: string }) {
  return (
    <BlockStack gap="100">
      <Text as="h3" variant="headingSm">
        {title}
      </Text>
      <Text as="p">{words}</Text>
    </BlockStack>
  );
}

function pointsOf(share: number, show: Show): string {
  return `${show.number(share * 100, 2)} percentage points`;
}

function wordsOf(
  { observed, observedDays }: HeldOutEffect,
  outcome: EffectOutcome | null,
  tell: (difference: number) => string,
  show: Show,
): string {
  if (!outcome) return "Nobody is held out, so what recommendations bring cannot be told from chance.";
  if (!outcome.ok) {
    if (outcome.reason === "few-customers") {
      return `Too early to tell. It takes 100 customers on each side whom we have known for ${observedDays} days since it began; so far there are ${show.count(observed)} in all.`;
    }
    return "The two sides are not as large as they were drawn, which chance hardly ever does. Until that is explained nothing is told.";
  }
  const { difference, low, high, verdict, smallestDetectable } = outcome.effect;
  const range = `Surely (95%, however often you look) between ${tell(low)} and ${tell(high)}.`;
  if (verdict === "too early to tell") {
    return `Too early to tell: so far the difference is ${tell(difference)}. ${range} A difference of ${tell(smallestDetectable)} would show by now, four times in five.`;
  }
  return `${tell(Math.abs(difference))} ${verdict} with recommendations. ${range}`;
}
