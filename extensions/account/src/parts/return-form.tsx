/** Asks the shop to take goods of one order back. */
import { useState } from "preact/hooks";
import { requestReturn, type Returnable } from "../asked/orders.ts";
import { translate, valueOf } from "../words.ts";
import { Told, type Outcome } from "./waiting.tsx";

const REASONS = [
  "UNWANTED",
  "DEFECTIVE",
  "NOT_AS_DESCRIBED",
  "WRONG_ITEM",
  "SIZE_TOO_SMALL",
  "SIZE_TOO_LARGE",
  "COLOR",
  "STYLE",
  "OTHER",
];
const NOTE_CHARACTERS = 300;

interface Props {
  orderId: string;
  orderName: string;
  lines: readonly Returnable[];
  /** Something was asked for. */
  done: () => void;
}

export function ReturnForm({ orderId, orderName, lines, done }: Props) {
  const [isOpen, setOpen] = useState(false);
  const [quantities, setQuantities] = useState<Readonly<Record<string, number>>>({});
  const [reason, setReason] = useState("UNWANTED");
  const [note, setNote] = useState("");
  const [isAsking, setAsking] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const wanted = lines.flatMap(({ quantity: most, lineItem: { id } }) => {
    const quantity = Math.min(quantities[id] ?? 0, most);
    return quantity > 0
      ? [{ lineItemId: id, quantity, returnReason: reason, ...(note && { customerNote: note }) }]
      : [];
  });
  const send = async () => {
    if (wanted.length === 0) return setOutcome({ ok: false, text: translate("returns.nothing") });
    setAsking(true);
    const answer = await requestReturn(orderId, wanted).catch(() => null);
    setAsking(false);
    if (answer?.ok) {
      setOutcome({ ok: true, text: translate("returns.asked", { name: answer.name }) });
      setOpen(false);
      setQuantities({});
      setNote("");
      done();
    } else setOutcome({ ok: false, text: answer ? answer.message : translate("waiting.failed") });
  };
  if (!isOpen)
    return (
      <s-stack gap="small-200">
        <Told outcome={outcome} />
        <s-button
          variant="secondary"
          accessibilityLabel={translate("returns.startOne", { order: orderName })}
          onClick={() => setOpen(true)}
        >
          {translate("returns.start")}
        </s-button>
      </s-stack>
    );
  return (
    <s-form onSubmit={() => void send()}>
      <s-stack gap="base">
        {lines.map(({ quantity, lineItem: { id, title } }) => (
          <s-number-field
            key={id}
            label={translate("returns.quantity", { product: title, most: quantity })}
            min={0}
            max={quantity}
            step={1}
            value={String(quantities[id] ?? 0)}
            onChange={(event) => {
              const asked = Math.trunc(Number(valueOf(event)));
              setQuantities({ ...quantities, [id]: Math.max(0, Math.min(quantity, asked || 0)) });
            }}
          />
        ))}
        <s-select
          label={translate("returns.why")}
          value={reason}
          onChange={(event) => setReason(valueOf(event))}
        >
          {REASONS.map((each) => (
            <s-option key={each} value={each}>
              {translate(`returns.reason.${each}`)}
            </s-option>
          ))}
        </s-select>
        <s-text-area
          label={translate("returns.note")}
          maxLength={NOTE_CHARACTERS}
          value={note}
          onChange={(event) => setNote(valueOf(event).slice(0, NOTE_CHARACTERS))}
        />
        <Told outcome={outcome} />
        <s-stack direction="inline" gap="base">
          <s-button type="submit" variant="primary" loading={isAsking}>
            {translate("returns.send")}
          </s-button>
          <s-button variant="secondary" onClick={() => setOpen(false)}>
            {translate("waiting.cancel")}
          </s-button>
        </s-stack>
      </s-stack>
    </s-form>
  );
}
