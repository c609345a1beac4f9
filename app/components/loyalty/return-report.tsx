/** What the programme brings, in words that say how it is known: drawn and proven, or compared and not. */
import { Banner, BlockStack, Card, InlineStack, List, Text } from "@shopify/polaris";
import type { EffectOutcome } from "../../core/experiments/effect.ts";
import type {
  Estimate,
  MatchedComparison,
  MatchedOutcome,
} from "../../core/experiments/matched-comparison.ts";
import type { ProgrammeEffect, ProgrammeSide } from "../../core/experiments/programme-effect.ts";
import { ChartCard } from "../charts/chart-card.tsx";
import { PlainTable } from "../charts/plain-table.tsx";
import { CardHeading } from "../frame/card-heading.tsx";
import { ExportButton } from "../frame/export-button.tsx";
import type { Show } from "../frame/show.ts";
import { useShow } from "../frame/use-show.ts";
import { FigureInformation } from "../metrics/figure-card.tsx";
import { SCROLLING } from "./liability-report.tsx";

type Told = { knowsCost: boolean } & (
  ({ way: "drawn" } & ProgrammeEffect) | ({ way: "matched" } & MatchedComparison)
);

export function ReturnReport({ told, membership }: { told: Told; membership: "automatic" | "joining" }) {
  return told.way === "drawn" ? <Drawn told={told} /> : <Matched told={told} membership={membership} />;
}

/** So many lines that the interval, which lies on both sides of nothing, fills it. */
const CHART_HEIGHT = 340;

function Drawn({ told }: { told: Extract<Told, { way: "drawn" }> }) {
  const show = useShow();
  const { open, keptOut, looks, observedDays } = told;
  const row = (label: string, tell: (side: ProgrammeSide) => string) => [label, tell(open), tell(keptOut)];
  const ofEach = (part: (side: ProgrammeSide) => number, side: ProgrammeSide) =>
    side.customers === 0 ? null : part(side) / side.customers;
  const title = "Members and those kept out";
  return (
    <BlockStack gap="400">
      <Card>
        <BlockStack gap="400">
          <CardHeading
            title={title}
            actions={
              <InlineStack gap="200" blockAlign="center">
                <FigureInformation name="programmeEffect" label={title} />
                <ExportButton table="programme-return" subject="the return on the programme" />
              </InlineStack>
            }
          />
          <Text as="p" tone="subdued">
            A drawn comparison: everybody counts on the side that chance gave them, whether or not they
            joined.
          </Text>
          <div style={SCROLLING} tabIndex={0} role="region" aria-label={title}>
            <PlainTable
              caption={title}
              table={{
                headings: ["Figure", "Could join", "Kept out"],
                rows: [
                  row("Customers", ({ customers }) => show.count(customers)),
                  row("Members among them", ({ members }) => show.count(members)),
                  row("Ordered since", (side) => show.share(ofEach(({ ordered }) => ordered, side))),
                  row("Net sales per customer since", (side) =>
                    show.estimate(ofEach(({ netMinor }) => netMinor, side)),
                  ),
                ],
              }}
            />
          </div>
          <Verdict
            title={`Net sales per customer within ${observedDays} days`}
            words={drawnWords(told, told.revenue, show.estimate, show)}
          />
          <Verdict
            title={`Margin per customer within ${observedDays} days, after points and rewards`}
            words={told.margin ? drawnWords(told, told.margin, show.estimate, show) : NO_MARGIN}
            also={costWords(told, show)}
          />
          <Verdict
            title={`Ordering again within ${observedDays} days`}
            words={drawnWords(told, told.repeat, (share) => pointsOf(share, show), show)}
          />
        </BlockStack>
      </Card>
      {looks.some(({ outcome }) => outcome.ok) && (
        <ChartCard
          title="Net sales per customer: the difference over time"
          description="As it was told on each day, from the customers whose days were over, with the interval."
          kind="line"
          keyHeading="Day"
          showKey={(day) => show.day(Number(day))}
          height={CHART_HEIGHT}
          series={[
            {
              name: "Difference",
              data: looks.flatMap(({ day, outcome }) => point(day, outcome, "difference")),
              band: {
                name: "95% interval",
                low: looks.flatMap(({ day, outcome }) => point(day, outcome, "low")),
                high: looks.flatMap(({ day, outcome }) => point(day, outcome, "high")),
              },
            },
          ]}
          showValue={show.estimate}
          showAxisValue={(minor) => show.moneyShort(minor)}
        />
      )}
    </BlockStack>
  );
}

function point(day: number, outcome: EffectOutcome, which: "difference" | "low" | "high") {
  return outcome.ok ? [{ key: String(day), value: outcome.effect[which] }] : [];
}

const NO_MARGIN =
  "Too early to tell: no costs of goods are known. Enter them in Shopify, or a usual margin in the settings.";

function costWords({ knowsCost, costRate }: Told, show: Show): string {
  return knowsCost
    ? `Members’ sales bear ${show.share(costRate)} for the programme: what it has cost beyond what sales show, of all members’ sales since it began.`
    : "No cost of points is taken off: nobody knows yet what a point is worth.";
}

function Verdict({ title, words, also }: { title: string; words: string; also?: string }) {
  return (
    <BlockStack gap="100">
      <Text as="h3" variant="headingSm">
        {title}
      </Text>
      <Text as="p">{words}</Text>
      {also !== undefined && (
        <Text as="p" tone="subdued">
          {also}
        </Text>
      )}
    </BlockStack>
  );
}

function pointsOf(share: number, show: Show): string {
  return `${show.number(share * 100, 2)} percentage points`;
}

function drawnWords(
  { observed, observedDays }: ProgrammeEffect,
  outcome: EffectOutcome,
  tell: (difference: number) => string,
  show: Show,
): string {
  if (!outcome.ok) {
    return outcome.reason === "few-customers"
      ? `Too early to tell. It takes 100 customers on each side whose ${observedDays} days are over; so far there are ${show.count(observed)} in all.`
      : "The two sides are not as large as they were drawn, which chance hardly ever does. Until that is explained nothing is told.";
  }
  const { difference, low, high, verdict, smallestDetectable } = outcome.effect;
  const range = `Surely (95%, however often you look) between ${tell(low)} and ${tell(high)}.`;
  return verdict === "too early to tell"
    ? `Too early to tell: so far the difference is ${tell(difference)}. ${range} A difference of ${tell(smallestDetectable)} would show by now, four times in five.`
    : `${tell(Math.abs(difference))} ${verdict} with the programme. ${range}`;
}

function Matched({
  told,
  membership,
}: {
  told: Extract<Told, { way: "matched" }>;
  membership: "automatic" | "joining";
}) {
  const show = useShow();
  const { after, placebo, observedDays } = told;
  const title = "Members beside customers like them";
  const isMisled = placebo.ok && (isTold(placebo.revenue) || isTold(placebo.repeat));
  return (
    <Card>
      <BlockStack gap="400">
        <CardHeading
          title={title}
          actions={
            <InlineStack gap="200" blockAlign="center">
              <FigureInformation name="matchedComparison" label={title} />
              <ExportButton table="programme-return" subject="the return on the programme" />
            </InlineStack>
          }
        />
        <Banner tone="info" title="A comparison, and no proof">
          <List>
            <List.Item>
              Members chose to join. Who plans to buy joins, so some of the difference would be there without
              any programme, and no matching sees what people plan.
            </List.Item>
            <List.Item>To know, keep a drawn share of customers out, below.</List.Item>
            {membership === "automatic" && (
              <List.Item>
                Whoever orders is a member in your programme, so there is hardly anybody to hold members
                against.
              </List.Item>
            )}
          </List>
        </Banner>
        {after.ok ? (
          <>
            <Text as="p">
              {`Of ${show.count(after.members)} members who joined in the last two years and had ordered by then, ${show.count(after.matched)} found others like them: ${show.count(after.others)} customers of about the same last and first order, number of orders, sales, first product and source.`}
            </Text>
            {isMisled && (
              <Banner tone="warning" title="Not to be believed">
                <p>
                  The same members differed from the same kind of customers before they joined, when the
                  programme can have caused nothing. So the difference after it is, at least in part, theirs
                  and not the programme’s.
                </p>
              </Banner>
            )}
            <div style={SCROLLING} tabIndex={0} role="region" aria-label={title}>
              <PlainTable
                caption={title}
                table={{
                  headings: [
                    "Difference per member",
                    `${observedDays} days after joining`,
                    `${observedDays} days before (placebo)`,
                  ],
                  rows: [
                    [
                      "Net sales",
                      rangeOf(after.revenue, show.estimate),
                      placeboOf(placebo, "revenue", show.estimate),
                    ],
                    [
                      "Margin, after points and rewards",
                      after.margin ? rangeOf(after.margin, show.estimate) : "–",
                      placeboOf(placebo, "margin", show.estimate),
                    ],
                    [
                      "Ordering again",
                      rangeOf(after.repeat, (share) => pointsOf(share, show)),
                      placeboOf(placebo, "repeat", (share) => pointsOf(share, show)),
                    ],
                  ],
                }}
              />
            </div>
            <Text as="p" tone="subdued">
              {`95% intervals, for one look. ${costWords(told, show)}`}
            </Text>
            <div style={SCROLLING} tabIndex={0} role="region" aria-label="How alike they are">
              <PlainTable
                caption="How alike they are (standardised mean differences; below 0.1 is alike)"
                table={{
                  headings: ["At joining", "All members and others", "Matched"],
                  rows: after.balance.map((row) => [
                    FEATURE_WORDS[row.feature],
                    show.number(row.before, 2),
                    show.number(row.after, 2),
                  ]),
                }}
              />
            </div>
          </>
        ) : (
          <Text as="p">
            {`Too early to tell. It takes 100 members who joined at least ${observedDays} days ago, had ordered by then, and find at least five customers like them; so far ${show.count(after.matched)} of ${show.count(after.members)} do.`}
          </Text>
        )}
      </BlockStack>
    </Card>
  );
}

const FEATURE_WORDS = {
  "days since the last order": "Days since the last order",
  orders: "Orders",
  "net sales": "Net sales",
  "days since the first order": "Days since the first order",
} as const;

const isTold = ({ low, high }: Estimate) => low > 0 || high < 0;

function rangeOf({ difference, low, high }: Estimate, tell: (value: number) => string): string {
  return `${tell(difference)} (${tell(low)} to ${tell(high)})`;
}

function placeboOf(
  placebo: MatchedOutcome,
  which: "revenue" | "margin" | "repeat",
  tell: (value: number) => string,
): string {
  const estimate = placebo.ok ? placebo[which] : null;
  return estimate ? rangeOf(estimate, tell) : "–";
}
