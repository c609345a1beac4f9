/** A customer's name as Shopify tells it while the page is open: the id stands in until it comes, and where it does not. */
import { BlockStack, Link, Text } from "@shopify/polaris";
import type { Told } from "./use-told.ts";

export interface NamedCustomer {
  name: string;
  email: string | null;
}

/** `null`: Shopify could not be asked. */
export type CustomerNames = Readonly<Record<number, NamedCustomer>> | null;

/** Another page's answer says nothing about a customer whom it did not ask for. */
export function namedCustomer(
  customerId: number,
  { value, isCurrent }: Told<CustomerNames>,
): NamedCustomer | "gone" | "untold" | "waiting" {
  const named = value?.[customerId];
  if (named) return named;
  if (!isCurrent) return "waiting";
  return value === null ? "untold" : "gone";
}

/** In one line; the number stands in for whoever has no name. */
export function nameOrNumber(customerId: number, names: Told<CustomerNames>): string {
  const named = namedCustomer(customerId, names);
  return (typeof named === "object" ? named.name : "") || `Customer ${customerId}`;
}

export function CustomerName({ customerId, names }: { customerId: number; names: Told<CustomerNames> }) {
  const named = namedCustomer(customerId, names);
  if (typeof named === "object") {
    return <NameLines customerId={customerId} name={named.name} second={secondLine(named)} />;
  }
  return (
    <NameLines
      customerId={customerId}
      name={null}
      second={named === "gone" ? "Not in Shopify any more" : null}
    />
  );
}

/** Shopify calls somebody without a name by the e-mail address, which then need not stand there twice. */
export function secondLine({ name, email }: NamedCustomer): string {
  return email === null || email === name ? "" : email;
}

/** Always as high as two lines, so that a name that comes late moves nothing. `second`: nothing yet, or nothing at all. */
export function NameLines({
  customerId,
  name,
  second,
}: {
  customerId: number;
  name: string | null;
  second: string | null;
}) {
  return (
    <div
      style={{
        width: "14rem",
        maxWidth: "40vw",
        minHeight: "2.25rem",
        display: "grid",
        alignItems: "center",
      }}
    >
      <BlockStack>
        <Text as="span" truncate>
          <Link url={`/app/customers/${customerId}`} dataPrimaryLink monochrome removeUnderline>
            {name || `Customer ${customerId}`}
          </Link>
        </Text>
        {second !== "" && (
          <Text as="span" variant="bodySm" tone="subdued" truncate>
            {second ?? "\u00a0"}
          </Text>
        )}
      </BlockStack>
    </div>
  );
}

/** Says so once for the whole table where no names came. */
export function NamesMissing({ names: { value, isCurrent } }: { names: Told<CustomerNames> }) {
  return (
    <span role="status">
      {isCurrent && value === null
        ? "Shopify did not tell the names just now, so ids stand in for them."
        : ""}
    </span>
  );
}
