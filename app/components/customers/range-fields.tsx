/** Two fields for a range, taken over when a field is left or Enter is pressed: not with each letter, which would ask for a page each. */
import { FormLayout, TextField } from "@shopify/polaris";
import { useState } from "react";

const FIELD = {
  number: { type: "number", inputMode: "numeric", lowest: 0 },
  amount: { type: "number", inputMode: "decimal", lowest: undefined },
  date: { type: "date", inputMode: undefined, lowest: undefined },
} as const;

export function RangeFields({
  kind,
  label,
  from,
  to,
  onChange,
}: {
  kind: keyof typeof FIELD;
  label: string;
  from: string;
  to: string;
  /** `null` is an open end. */
  onChange: (from: string | null, to: string | null) => void;
}) {
  const [low, setLow] = useState(from);
  const [high, setHigh] = useState(to);
  const [seen, setSeen] = useState({ from, to });
  // An end that changed elsewhere (the filter was cleared) is taken over; the other one may just be being typed.
  if (seen.from !== from || seen.to !== to) {
    setSeen({ from, to });
    if (seen.from !== from) setLow(from);
    if (seen.to !== to) setHigh(to);
  }
  const commit = () => {
    if (low !== from || high !== to) onChange(low || null, high || null);
  };
  const { type, inputMode, lowest } = FIELD[kind];
  const field = (end: string, value: string, set: (value: string) => void) => (
    <div
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
      }}
    >
      <TextField
        label={`${label} ${end}`}
        type={type}
        {...(inputMode ? { inputMode } : {})}
        {...(lowest === undefined ? {} : { min: lowest })}
        value={value}
        onChange={set}
        onBlur={commit}
        autoComplete="off"
      />
    </div>
  );
  return (
    <FormLayout>
      {field(kind === "date" ? "from" : "at least", low, setLow)}
      {field(kind === "date" ? "up to" : "at most", high, setHigh)}
    </FormLayout>
  );
}
