/** What the value page is asked for: how far ahead, and what a year's wait costs. In the address, so that a view can be shared. */
import { Card, InlineGrid, Select, TextField } from "@shopify/polaris";
import { useState, type ReactNode } from "react";
import { useAddress } from "../frame/use-address.ts";

const HORIZONS = [
  { label: "The next 12 months", value: "12" },
  { label: "The next 24 months", value: "24" },
];

export function ValueControls({
  months,
  discount,
  children,
}: {
  months: number;
  discount: number;
  /** What else this page asks for. */
  children?: ReactNode;
}) {
  const [, changeAddress] = useAddress();
  const [typed, setTyped] = useState(String(discount));
  const percent = Number(typed);
  const isPercent = /^\d{1,3}$/.test(typed) && percent <= 100;
  const take = () => {
    if (isPercent && percent !== discount) changeAddress({ discount: String(percent) });
  };
  return (
    <Card>
      <InlineGrid columns={{ xs: 1, sm: children ? 3 : 2 }} gap="400">
        <Select
          label="Value of"
          options={HORIZONS}
          value={String(months)}
          onChange={(chosen) => changeAddress({ months: chosen })}
        />
        <form
          onSubmit={(event) => {
            event.preventDefault();
            take();
          }}
        >
          <TextField
            label="Discount rate a year"
            type="text"
            inputMode="numeric"
            suffix="%"
            value={typed}
            onChange={setTyped}
            onBlur={take}
            error={isPercent ? undefined : "A whole number from 0 to 100"}
            helpText="Money that comes later is worth less by this much a year."
            autoComplete="off"
          />
        </form>
        {children}
      </InlineGrid>
    </Card>
  );
}
