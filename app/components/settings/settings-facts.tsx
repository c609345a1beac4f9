/** What the settings page only tells: the shop's days, what is stored of customers, and where the set-up guide went. */
import { useFetcher } from "@remix-run/react";
import { BlockStack, Box, Button, Card, Link, List, ProgressBar, Text } from "@shopify/polaris";
import { PageSection } from "../frame/page-section.tsx";
import { useShow } from "../frame/use-show.ts";

export interface TagProgress {
  hasTags: boolean;
  isPending: boolean;
  expected: number;
  found: number;
}

/** How far customers are told apart by the tags that were last saved. */
export function TagsNote({ progress: { hasTags, isPending, expected, found } }: { progress: TagProgress }) {
  const show = useShow();
  if (!isPending) {
    return (
      hasTags && (
        <Text as="p" tone="subdued">
          {`${show.counted(found, "customer has", "customers have")} one of the saved tags.`}
        </Text>
      )
    );
  }
  return (
    <BlockStack gap="200">
      <div aria-live="polite" id="tag-progress" data-tags-pending="true">
        <Text as="p">
          {expected === 0
            ? "Asking Shopify which customers have these tags. The figures follow when it has answered."
            : `Looking through customers with these tags: ${show.count(Math.min(found, expected))} of ${show.count(expected)}.`}
        </Text>
      </div>
      <ProgressBar
        size="small"
        progress={expected === 0 ? 0 : Math.min(100, Math.round((100 * found) / expected))}
        ariaLabelledBy="tag-progress"
      />
    </BlockStack>
  );
}

export function ShopDays({ timeZone, currency }: { timeZone: string; currency: string }) {
  return (
    <PageSection
      id="days"
      title="Days and currency"
      description="They come from Shopify. When you change the time zone there, all orders are counted on their new days."
    >
      <Card>
        <BlockStack gap="200">
          <Fact name="Time zone" value={timeZone} />
          <Fact name="Currency" value={currency} />
          <Text as="p">
            <Link url="shopify://admin/settings/general" target="_top">
              Change them in Shopify
            </Link>
          </Text>
        </BlockStack>
      </Card>
    </PageSection>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <Text as="span" tone="subdued">{`${name}: `}</Text>
      <Text as="span" fontWeight="semibold">
        {value}
      </Text>
    </div>
  );
}

export function Privacy() {
  return (
    <PageSection
      id="privacy"
      title="Privacy"
      description="What Perennial keeps of your customers, and what it does not."
    >
      <Card>
        <BlockStack gap="300">
          <List>
            <List.Item>
              Kept: orders with their amounts, products, times and discount codes, under Shopify's numbers for
              orders and customers.
            </List.Item>
            <List.Item>
              Not kept: names, e-mail addresses, phone numbers, postal addresses and customers' tags. Names
              are fetched from Shopify when a page shows them, and forgotten.
            </List.Item>
            <List.Item>
              When a customer asks Shopify to be erased, their orders stay in the figures as a guest's. When
              you uninstall the app, everything is erased 48 hours later, as Shopify asks.
            </List.Item>
          </List>
          <Text as="p">
            <Link url="/app/data">Customers' requests for their data</Link>
          </Text>
        </BlockStack>
      </Card>
    </PageSection>
  );
}

export function GuideSetting({ isDismissed }: { isDismissed: boolean }) {
  const fetcher = useFetcher();
  return (
    <PageSection
      id="guide"
      title="Set-up guide"
      description="The steps on the overview that a new shop begins with."
    >
      <Card>
        <fetcher.Form method="post">
          <input type="hidden" name="intent" value="show-guide" />
          <BlockStack gap="200" inlineAlign="start">
            <Text as="p">
              {isDismissed
                ? "You have put the guide away."
                : "The overview shows the guide until all its steps are done."}
            </Text>
            <Box>
              <Button submit disabled={!isDismissed} loading={fetcher.state !== "idle"}>
                Show the guide again
              </Button>
            </Box>
          </BlockStack>
        </fetcher.Form>
      </Card>
    </PageSection>
  );
}
