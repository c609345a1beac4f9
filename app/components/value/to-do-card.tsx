/** What to do now: concrete steps by the money at stake, whom each is about, and how its figure is reckoned. */
import { BlockStack, Card, InlineStack, Link, SkeletonBodyText, Text } from "@shopify/polaris";
import type { Action } from "../../core/clv/what-to-do.ts";
import type { Show } from "../frame/show.ts";
import { useShow } from "../frame/use-show.ts";
import { Information } from "../metrics/figure-card.tsx";
import { ACTION_NAMES } from "./action-names.ts";
import room from "./to-do-room.module.css";

type Titles = ReadonlyMap<number, string>;

export function ToDoCard({ actions, titles }: { actions: readonly Action[]; titles: Titles }) {
  return (
    <Card>
      <BlockStack gap="200">
        <InlineStack align="space-between" blockAlign="center" wrap={false} gap="200">
          <Text as="h2" variant="headingMd">
            What to do now
          </Text>
          <Information
            label="At stake"
            about="What at stake means"
            texts={[
              "What would be missing if it came to it, reckoned for each step as its own button tells. It is not what you will gain by it: only a part of the customers left alone on purpose, a holdout, can show an effect.",
              "The same customer can be in several steps, so the amounts do not add up.",
            ]}
          />
        </InlineStack>
        <div className={room.steps} tabIndex={0} role="region" aria-label="Steps by money at stake">
          {actions.length === 0 ? (
            <Text as="p">Nothing is at stake that could be told in money just now.</Text>
          ) : (
            <ol>
              {actions.map((action) => (
                <Step key={action.kind} action={action} titles={titles} />
              ))}
            </ol>
          )}
        </div>
      </BlockStack>
    </Card>
  );
}

/** As large as the card. */
export function ToDoSkeleton() {
  return (
    <div aria-busy="true" aria-label="What to do is loading" role="status">
      <Card>
        <BlockStack gap="200">
          <Text as="h2" variant="headingMd">
            What to do now
          </Text>
          <div className={room.steps}>
            <SkeletonBodyText lines={6} />
          </div>
        </BlockStack>
      </Card>
    </div>
  );
}

function Step({ action, titles }: { action: Action; titles: Titles }) {
  const show = useShow();
  const { kind, stakeMinor } = action;
  const money = moneyBy(show);
  const { title, what, formula } = wordsOf(action, titles, show);
  return (
    <li data-action={kind} data-stake={stakeMinor}>
      <InlineStack align="space-between" blockAlign="start" gap="200" wrap={false}>
        <BlockStack gap="050">
          <Text as="h3" variant="headingSm">
            {title}
          </Text>
          <Text as="p">{what}</Text>
          <Link
            url={kind === "unit-costs" ? "/app/settings" : `/app/customers?action=${kind}&sort=value-desc`}
          >
            {kind === "unit-costs"
              ? "Set a flat margin"
              : `See ${show.counted(action.customers, "customer", "customers")}: ${ACTION_NAMES[kind].toLowerCase()}`}
          </Link>
        </BlockStack>
        <InlineStack gap="100" blockAlign="start" wrap={false}>
          <BlockStack inlineAlign="end">
            <Text as="p" fontWeight="semibold" numeric>
              {money(stakeMinor)}
            </Text>
            <Text as="p" variant="bodySm" tone="subdued">
              {kind === "unit-costs" ? "of sales" : "at stake"}
            </Text>
          </BlockStack>
          <Information
            label={title}
            about={`How ${ACTION_NAMES[kind].toLowerCase()} is reckoned`}
            texts={formula}
          />
        </InlineStack>
      </InlineStack>
    </li>
  );
}

interface Words {
  title: string;
  what: string;
  formula: string[];
}

const moneyBy = (show: Show) => (minor: number) => show.money(Math.round(minor));

function wordsOf(action: Action, titles: Titles, show: Show): Words {
  const money = moneyBy(show);
  const people = (count: number) => show.counted(count, "customer", "customers");
  switch (action.kind) {
    case "overdue":
      return {
        title: `Ask after ${people(action.customers)} whose order is overdue`,
        what: `Each is worth more than your mean customer (${money(action.meanMinor)} in 12 months), and the time in which their next order was due has passed. Write to them one by one, with what they bought last.`,
        formula: fromChances(action, show),
      };
    case "second-order":
      return {
        title: `Invite ${people(action.customers)} to a second order`,
        what: `They have ordered once, ${show.count(action.fromDays)} to ${show.count(action.byDays)} days ago: when second orders come, if they come. Tell them what goes with their first.`,
        formula: fromChances(action, show),
      };
    case "first-product": {
      const product = titles.get(action.productId) ?? `Product ${action.productId}`;
      return {
        title: `Bring back ${people(action.customers)} who began with ${product}`,
        what: `They have not ordered again. Of all who began with it ${show.share(action.rate)} have, against ${show.share(action.shopRate)} of all your customers.`,
        formula: fromChances(action, show),
      };
    }
    case "best-customers":
      return {
        title: `Keep the ${people(action.customers)} who are worth most`,
        what: `A tenth of your customers holds ${show.share(action.share)} of all that is expected. Thank them, serve them first, and do not train them to wait for discounts.`,
        formula: fromChances(action, show),
      };
    case "discounts":
      return {
        title: `Stop discounts that leave little with ${people(action.customers)}`,
        what: `In the last 365 days each of their orders, two or more, had a discount, and their margin was ${show.share(action.marginShare)} where yours is ${show.share(action.shopMarginShare)}. Leave them out of the next offer.`,
        formula: [
          `The discounts that ${people(action.customers)} had in the last 365 days: ${money(action.stakeMinor)}. It says what was given, not that they would have bought without.`,
        ],
      };
    case "carts":
      return {
        title: `Remind ${people(action.customers)} of a cart they left`,
        what: "They know your shop, left a cart in the last 14 days and have not ordered since. A short note with a link to the cart is enough.",
        formula: [
          `What stood in a cart is not kept, so each counts as the customer’s own average order: ${people(action.customers)}, ${money(action.stakeMinor)} together.`,
        ],
      };
    case "unit-costs":
      return {
        title: "Enter what your products cost",
        what: `Of ${show.share(action.share)} of your net sales of the last 365 days no unit cost is known, so margins cannot be trusted. Enter the cost per item in Shopify, or set a flat margin.`,
        formula: [
          `Net sales of products in the last 365 days of which no unit cost is known: ${money(action.stakeMinor)}. It is no money that could be lost, so this stands last.`,
        ],
      };
  }
}

function fromChances(
  { customers, expectedMinor, stakeMinor }: { customers: number; expectedMinor: number; stakeMinor: number },
  show: Show,
): string[] {
  const money = moneyBy(show);
  return [
    "For each customer: value expected in 12 months × (1 − 10% ÷ chance to order again in them). It is the part that goes if the chance falls to 10%, below which a customer counts as lost.",
    `Here: ${show.counted(customers, "customer", "customers")} with ${money(expectedMinor)} expected, of which ${money(stakeMinor)} is at stake.`,
  ];
}
