/** One customer's lists as they are now, each product with its reason. */
import { Badge, BlockStack, Box, Button, Card, InlineGrid, InlineStack, Link, Text } from "@shopify/polaris";
import { useState } from "react";
import type { CustomerLists, ListItem } from "../../core/recommendations/customer-lists.ts";
import { namedCustomer, type CustomerNames } from "../customers/customer-name.tsx";
import { useTold } from "../customers/use-told.ts";
import { Empty } from "../frame/empty.tsx";
import { useShow } from "../frame/use-show.ts";
import styles from "./lists-preview.module.css";

interface Preview {
  customerId: number;
  lists: Omit<CustomerLists, "isHeldOut">;
  isHeldOut: boolean;
  titles: Readonly<Record<number, string>>;
  names: Promise<CustomerNames>;
  pictures: Promise<Pictures | null>;
}

/** Addresses by product; of what is missing there is none. */
type Pictures = Readonly<Record<number, string>>;

/** Of a shop where only guests have ordered. */
export function NobodyKnown() {
  return (
    <Card>
      <Empty heading="Nobody has ordered with an account yet">
        <p>Guests see what sells now. Lists of their own have customers whom the shop knows.</p>
      </Empty>
    </Card>
  );
}

const LISTS = [
  ["buyAgain", "Buy again", "Nothing they bought can be bought again now."],
  ["forYou", "For you", "Nothing to name yet."],
  ["newForYou", "New for you", "Nothing that suits them has been published since their last order."],
] as const;

/** As many as a shelf shows; the rest stands behind for what is sold out or in the cart. */
const SHOWN = 8;

export function ListsPreview({ preview }: { preview: Preview }) {
  const { customerId, lists, isHeldOut, titles } = preview;
  const named = namedCustomer(customerId, useTold(preview.names));
  const pictures = useTold(preview.pictures).value ?? {};
  const name = typeof named === "object" && named.name !== "" ? named.name : `Customer ${customerId}`;
  return (
    <BlockStack gap="300">
      <Box paddingInline={{ xs: "400", sm: "0" }}>
        <InlineStack gap="200" blockAlign="center">
          <Text as="h2" variant="headingMd">
            What is for <Link url={`/app/customers/${customerId}`}>{name}</Link>
          </Text>
          {isHeldOut && <Badge tone="attention">Held out: sees what sells now</Badge>}
        </InlineStack>
      </Box>
      <InlineGrid columns={{ xs: 1, md: 3 }} gap="300">
        {LISTS.map(([list, title, nothing]) => (
          <ListCard
            key={list}
            title={title}
            nothing={nothing}
            items={lists[list]}
            titles={titles}
            pictures={pictures}
          />
        ))}
      </InlineGrid>
    </BlockStack>
  );
}

function ListCard({
  title,
  nothing,
  items,
  titles,
  pictures,
}: {
  title: string;
  nothing: string;
  items: readonly ListItem[];
  titles: Readonly<Record<number, string>>;
  pictures: Pictures;
}) {
  const show = useShow();
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? items : items.slice(0, SHOWN);
  const more = items.length - shown.length;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h3" variant="headingSm">
          {title}
        </Text>
        {items.length === 0 ? (
          <Text as="p" tone="subdued">
            {nothing}
          </Text>
        ) : (
          <ol className={styles.list}>
            {shown.map((item) => (
              <li key={item.productId}>
                <Picture address={pictures[item.productId]} />
                <div>
                  <Text as="span">{titleOf(item.productId, titles)}</Text>
                  <Text as="span" variant="bodySm" tone="subdued">
                    {reasonOf(item, titles)}
                  </Text>
                </div>
              </li>
            ))}
          </ol>
        )}
        {more > 0 && (
          <InlineStack>
            <Button
              variant="plain"
              onClick={() => setWhole(true)}
              accessibilityLabel={`Show all of ${title}`}
            >
              {`Show ${show.count(more)} more`}
            </Button>
          </InlineStack>
        )}
      </BlockStack>
    </Card>
  );
}

/** It has its place before it comes, and keeps it where none comes. */
function Picture({ address }: { address: string | undefined }) {
  return (
    <span className={styles.picture}>
      {address !== undefined && <img src={address} alt="" width={40} height={40} loading="lazy" />}
    </span>
  );
}

function titleOf(productId: number, titles: Readonly<Record<number, string>>): string {
  return titles[productId] ?? `Product ${productId}`;
}

function reasonOf({ reason, because }: ListItem, titles: Readonly<Record<number, string>>): string {
  const other = because === null ? null : titleOf(because, titles);
  switch (reason) {
    case "due":
      return "Bought before, and due again";
    case "bought-before":
      return "Bought before";
    case "bought-together":
      return other ? `Because they bought ${other}` : "Bought by the same customers";
    case "new":
      return other ? `New, and like ${other}` : "New, and to their taste";
    case "pinned":
      return "Pinned by you";
    case "popular":
      return "Sells now";
  }
}
