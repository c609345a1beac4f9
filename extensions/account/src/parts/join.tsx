/** The way into the programme, for a customer who is no member. */
import { useState } from "preact/hooks";
import { useBackend } from "../asked/backend.ts";
import { sentenceOf, translate } from "../words.ts";
import { Told, type Outcome } from "./waiting.tsx";

export function Join({ joined }: { joined: () => void }) {
  const { ask, changed } = useBackend();
  const [isAsking, setAsking] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const join = async () => {
    setAsking(true);
    const answer = await ask("join");
    setAsking(false);
    setOutcome({
      ok: answer.ok,
      text: sentenceOf(answer),
    });
    if (!answer.ok) return;
    changed();
    joined();
  };
  return (
    <s-section heading={translate("join.title")}>
      <s-stack gap="base">
        <s-paragraph>{translate("join.why")}</s-paragraph>
        <s-button variant="primary" loading={isAsking} onClick={() => void join()}>
          {translate("join.action")}
        </s-button>
        <Told outcome={outcome} />
      </s-stack>
    </s-section>
  );
}
