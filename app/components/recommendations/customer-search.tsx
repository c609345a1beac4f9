/** Finds the customer whose recommendations are shown. */
import { Banner, BlockStack, Button, Card, InlineStack, Link, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { Streamed } from "../frame/page-states.tsx";
import { useAddress } from "../frame/use-address.ts";

type Found =
  { ok: true; found: { customerId: number; name: string; email: string | null }[] } | { ok: false };

const SHOWN = 10;

export function CustomerSearch({ typed, found }: { typed: string; found: Promise<Found> | null }) {
  const [, change] = useAddress();
  const [text, setText] = useState(typed);
  return (
    <Card>
      <BlockStack gap="300">
        <form
          role="search"
          onSubmit={(event) => {
            event.preventDefault();
            change({ q: text.trim() || null });
          }}
        >
          <TextField
            label="Show a customer’s recommendations"
            placeholder="Name or e-mail"
            value={text}
            onChange={setText}
            autoComplete="off"
            maxLength={200}
            connectedRight={<Button submit>Search</Button>}
          />
        </form>
        {found && (
          <Streamed of={found} fallback={<Text as="p">Shopify is searching…</Text>}>
            {(answer) => <FoundList answer={answer} typed={typed} />}
          </Streamed>
        )}
      </BlockStack>
    </Card>
  );
}

function FoundList({ answer, typed }: { answer: Found; typed: string }) {
  if (!answer.ok) {
    return <Banner tone="warning" title="Shopify did not answer the search. Try again in a minute." />;
  }
  if (answer.found.length === 0) {
    return (
      <Text as="p" tone="subdued">
        {`Nobody found for “${typed}”. Search by a whole first or last name, or a whole e-mail address.`}
      </Text>
    );
  }
  return (
    <InlineStack gap="300">
      {answer.found.slice(0, SHOWN).map(({ customerId, name }) => (
        <Link key={customerId} url={`/app/recommendations?customer=${customerId}`}>
          {name || `Customer ${customerId}`}
        </Link>
      ))}
    </InlineStack>
  );
}
