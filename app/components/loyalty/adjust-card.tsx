/** Gives or takes a customer's points by hand: with a reason, after a question, and once however often it is sent. */
import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, Text, TextField } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { Confirm } from "../data/confirm.tsx";
import { showToast } from "../frame/app-bridge.ts";
import { useShow } from "../frame/use-show.ts";

interface Outcome {
  ok: boolean;
  message: string;
}

const MOST_POINTS = 1_000_000;

interface Form {
  typed: string;
  reason: string;
  /** Made before anything is asked: the same wish twice is one adjustment. Another wish has another. */
  key: string | null;
  wasTried: boolean;
}

const FRESH: Form = { typed: "", reason: "", key: null, wasTried: false };

export function AdjustCard() {
  const show = useShow();
  const fetcher = useFetcher<Outcome>();
  const { data } = fetcher;
  /** What is being filled in, and the answer to an earlier wish, which says nothing of this one. */
  const [begun, setBegun] = useState<{ form: Form; earlier: Outcome | undefined } | null>(null);
  const [isAsking, setAsking] = useState(false);
  const isDone = begun !== null && data !== begun.earlier && data?.ok === true;
  const form = begun && !isDone ? begun.form : FRESH;
  const { typed, reason, wasTried } = form;
  const change = (part: Partial<Form>) =>
    setBegun({ form: { ...form, ...part }, earlier: begun && !isDone ? begun.earlier : data });
  const points = pointsOf(typed);
  const isReady = points !== null && reason.trim() !== "";
  useEffect(() => {
    if (data) showToast(data.message, { isError: !data.ok });
  }, [data]);
  const send = () => {
    const key = form.key ?? crypto.randomUUID();
    setBegun({ form: { ...form, key }, earlier: data });
    const wish = { intent: "adjust", key, points: String(points), reason: reason.trim() };
    fetcher.submit(wish, { method: "post" });
  };
  const counted = points === null ? "" : show.counted(Math.abs(points), "point", "points");
  return (
    <Card>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          change({ wasTried: true });
          if (isReady) setAsking(true);
        }}
      >
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            Adjust by hand
          </Text>
          <TextField
            label="Points"
            helpText="A minus sign takes points, at most what is available."
            value={typed}
            onChange={(text) => change({ typed: text, key: null })}
            inputMode="text"
            autoComplete="off"
            error={wasTried && points === null ? "A whole number such as 50 or -50" : undefined}
          />
          <TextField
            label="Reason"
            helpText="It stays in the account for good. Leave out names and addresses."
            value={reason}
            onChange={(text) => change({ reason: text, key: null })}
            maxLength={200}
            autoComplete="off"
            error={wasTried && reason.trim() === "" ? "Say why" : undefined}
          />
          <InlineStack>
            <Button submit loading={fetcher.state !== "idle"}>
              Adjust
            </Button>
          </InlineStack>
        </BlockStack>
      </form>
      <Confirm
        open={isAsking}
        title={points !== null && points < 0 ? `Take ${counted}?` : `Give ${counted}?`}
        text="It becomes a line of this account, with your reason. You can undo it."
        action={points !== null && points < 0 ? "Take them" : "Give them"}
        onConfirm={send}
        onClose={() => setAsking(false)}
      />
    </Card>
  );
}

function pointsOf(text: string): number | null {
  const typed = text.trim().replace("−", "-");
  if (!/^[+-]?\d{1,7}$/.test(typed)) return null;
  const points = Number(typed);
  return points !== 0 && Math.abs(points) <= MOST_POINTS ? points : null;
}
