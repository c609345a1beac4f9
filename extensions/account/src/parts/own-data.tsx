/** A copy of what is kept about the customer, and its end. */
import { useState } from "preact/hooks";
import { useBackend } from "../asked/backend.ts";
import { hourOf, sentenceOf, translate } from "../words.ts";
import { Told, type Outcome } from "./waiting.tsx";

/** A link, because an extension can hand nobody a file. */
interface DataFile {
  name: string;
  address: string;
  /** It is good for minutes. */
  until: string;
}

export function OwnData() {
  return (
    <s-section heading={translate("data.title")}>
      <s-stack gap="large">
        <Copy />
        <Deletion />
      </s-stack>
    </s-section>
  );
}

function Copy() {
  const { ask } = useBackend();
  const [isAsking, setAsking] = useState(false);
  const [file, setFile] = useState<DataFile | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const load = async () => {
    setAsking(true);
    const answer = await ask<{ file: DataFile }>("data", { what: "copy" });
    setAsking(false);
    setFile(answer.ok ? answer.file : null);
    setOutcome(answer.ok ? null : { ok: false, text: sentenceOf(answer) });
  };
  return (
    <s-stack gap="base">
      <s-paragraph>{translate("data.copyWhy")}</s-paragraph>
      <Told outcome={outcome} />
      {file ? (
        <>
          <s-link href={file.address} target="_blank">
            {translate("data.download", { file: file.name })}
          </s-link>
          <s-text color="subdued">{translate("data.until", { time: hourOf(file.until) })}</s-text>
        </>
      ) : (
        <s-button variant="secondary" loading={isAsking} onClick={() => void load()}>
          {translate("data.copy")}
        </s-button>
      )}
    </s-stack>
  );
}

function Deletion() {
  const { ask, changed } = useBackend();
  const [isSure, setSure] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const erase = async () => {
    setAsking(true);
    const answer = await ask("data", { what: "delete", confirm: true });
    setAsking(false);
    setSure(false);
    setOutcome({ ok: answer.ok, text: sentenceOf(answer) });
    if (answer.ok) changed();
  };
  return (
    <s-stack gap="base">
      <Told outcome={outcome} />
      {isSure ? (
        <s-banner tone="warning" heading={translate("data.sure")}>
          <s-stack gap="base">
            <s-paragraph>{translate("data.deleteWhat")}</s-paragraph>
            <s-stack direction="inline" gap="base">
              <s-button tone="critical" loading={isAsking} onClick={() => void erase()}>
                {translate("data.deleteNow")}
              </s-button>
              <s-button variant="secondary" onClick={() => setSure(false)}>
                {translate("waiting.cancel")}
              </s-button>
            </s-stack>
          </s-stack>
        </s-banner>
      ) : (
        <s-button variant="secondary" tone="critical" onClick={() => setSure(true)}>
          {translate("data.delete")}
        </s-button>
      )}
    </s-stack>
  );
}
