/** What the merchant asks of the products: how soon coming back counts, and a word of the title. */
import { Box, Button, Icon, InlineStack, Select, TextField } from "@shopify/polaris";
import { SearchIcon } from "@shopify/polaris-icons";
import { useState } from "react";
import { useAddress } from "../frame/use-address.ts";

export function ProductControls({
  withinDays,
  choices,
  search,
}: {
  withinDays: number | null;
  choices: readonly number[];
  search: string;
}) {
  const [, changeAddress] = useAddress();
  return (
    // Cards reach the edges of a phone; what stands between them keeps away.
    <Box paddingInline={{ xs: "400", sm: "0" }}>
      <InlineStack gap="300" blockAlign="end">
        <Select
          label="Ordered again"
          labelInline
          options={[
            { value: "ever", label: "at any time" },
            ...choices.map((days) => ({ value: String(days), label: `within ${days} days` })),
          ]}
          value={withinDays === null ? "ever" : String(withinDays)}
          onChange={(within) => changeAddress({ within: within === "ever" ? null : within, page: null })}
        />
        <TitleSearch key={search} search={search} />
      </InlineStack>
    </Box>
  );
}

function TitleSearch({ search }: { search: string }) {
  const [, changeAddress] = useAddress();
  const [text, setText] = useState(search);
  const find = (wanted: string) => changeAddress({ search: wanted.trim() || null, page: null });
  return (
    <form
      role="search"
      // The field grows by its clear button while it has the focus. The button beside it must not move then: a press that begins
      // on it would end elsewhere, and search nothing.
      style={{ width: "22rem", maxWidth: "100%" }}
      onSubmit={(event) => {
        event.preventDefault();
        find(text);
      }}
    >
      <TextField
        label="Search products by title"
        labelHidden
        placeholder="Search by title"
        value={text}
        onChange={setText}
        prefix={<Icon source={SearchIcon} />}
        clearButton
        onClearButtonClick={() => find("")}
        connectedRight={<Button submit>Search</Button>}
        autoComplete="off"
        maxLength={100}
      />
    </form>
  );
}
