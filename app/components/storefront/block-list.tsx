/** The blocks that can be put into the theme: what each shows, and the way to its place in the theme editor. */
import { Badge, BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useTold } from "../customers/use-told.ts";
import { useScopeRequest } from "../frame/use-scope-request.ts";

const WORDS: Readonly<Record<string, { name: string; shows: string }>> = {
  points: { name: "Points", shows: "What a member has, what is on its way and how far the next reward is." },
  "tier-only": {
    name: "For members",
    shows: "On the product page: for which tier a product is, and from when. It keeps nobody from buying.",
  },
  "earn-badge": { name: "Earn badge", shows: "On the product page: the points that this variant earns." },
  "cart-points": { name: "Points in the cart", shows: "The points that this order will earn." },
  rewards: {
    name: "Rewards",
    shows: "What can be had for points, redeemed on the spot, and a member’s codes.",
  },
  recommendations: {
    name: "Recommendations",
    shows: "Buy again, for you, new for you, or what goes with a product. Add it once for each list.",
  },
  "how-it-works": { name: "How it works", shows: "How points are earned, spent and lost." },
  profile: { name: "Birthday", shows: "A form for month and day. Perennial’s database never holds them." },
  launcher: { name: "Button on every page", shows: "Opens points and rewards wherever a shopper is." },
};

const PLACES: Readonly<Record<string, string>> = {
  index: "Home page",
  product: "Product page",
  cart: "Cart",
  page: "A page of its own",
};

interface ListedBlock {
  handle: string;
  template: string | null;
  address: string;
}

export function BlockList({
  blocks,
  mayRead,
  placed,
}: {
  blocks: readonly ListedBlock[];
  /** The merchant lets Perennial look into the theme. */
  mayRead: boolean;
  placed: Promise<readonly string[] | null>;
}) {
  const { value } = useTold(placed);
  const found = mayRead ? value : undefined;
  const { ask, isAsking } = useScopeRequest(["read_themes"]);
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            Blocks
          </Text>
          <Text as="p" tone="subdued">
            Each opens in your theme editor, at the place where it is most at home; you can move it from
            there. Nothing is shown before you save there.
          </Text>
          {!mayRead && (
            <InlineStack>
              <Button onClick={ask} loading={isAsking} variant="plain">
                Show which are in the theme already
              </Button>
            </InlineStack>
          )}
          {mayRead && found === null && (
            <Text as="p">Shopify could not be asked which are in the theme. Open the page again later.</Text>
          )}
        </BlockStack>
        {blocks.map(({ handle, template, address }) => {
          const { name, shows } = WORDS[handle] ?? { name: handle, shows: "" };
          return (
            <InlineStack key={handle} gap="300" align="space-between" blockAlign="center" wrap={false}>
              <BlockStack gap="050">
                <InlineStack gap="200" blockAlign="center">
                  <Text as="h3" variant="headingSm">
                    {name}
                  </Text>
                  {found?.includes(handle) === true && <Badge tone="success">In the theme</Badge>}
                  {found?.includes(handle) === false && <Badge>Not in the theme</Badge>}
                </InlineStack>
                <Text as="p">{shows}</Text>
                <Text as="p" tone="subdued" variant="bodySm">
                  {template === null ? "Every page" : (PLACES[template] ?? template)}
                </Text>
              </BlockStack>
              <div style={{ flexShrink: 0 }}>
                <Button
                  onClick={() => void open(address, "_top")}
                  accessibilityLabel={`Add ${name} in the theme editor`}
                >
                  Add
                </Button>
              </div>
            </InlineStack>
          );
        })}
      </BlockStack>
    </Card>
  );
}
