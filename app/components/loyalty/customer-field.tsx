/** Narrows a list to one customer by the number, as the address then says. */
import { Button, TextField } from "@shopify/polaris";
import { useState } from "react";
import { useAddress } from "../frame/use-address.ts";

/** `others`: what else of the address no longer fits another customer. */
export function CustomerField({
  typed,
  label = "Customer number",
  others = [],
}: {
  typed: string;
  label?: string;
  others?: readonly string[];
}) {
  const [, change] = useAddress();
  const [text, setText] = useState(typed);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const id = text.trim();
        const gone = Object.fromEntries(others.map((name) => [name, null]));
        change({ ...gone, customer: id === "" ? null : id, after: null });
      }}
    >
      <TextField
        label={label}
        value={text}
        onChange={setText}
        inputMode="numeric"
        autoComplete="off"
        maxLength={20}
        connectedRight={<Button submit>Show</Button>}
      />
    </form>
  );
}
