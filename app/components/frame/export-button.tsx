/** Saves a table of the page as a CSV file: by fetch and not by a link, because only fetch carries the session token. */
import { Button } from "@shopify/polaris";
import { ExportIcon } from "@shopify/polaris-icons";
import { useState } from "react";
import { showToast } from "./app-bridge.ts";
import { saveFile } from "./save-file.ts";
import { changedParameters, useAddress, type AddressChange } from "./use-address.ts";

/** `subject`: what is exported, where two tables of a page come as one file. `also`: what the page shows without a parameter that says so, such as the customer in its path. */
export function ExportButton({
  table,
  subject = table.replaceAll("-", " "),
  also = {},
}: {
  table: string;
  subject?: string;
  also?: AddressChange;
}) {
  const [parameters] = useAddress();
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      const address = `/app/export/${encodeURIComponent(table)}?${changedParameters(parameters, also)}`;
      await saveFile(address, `${table}.csv`);
    } catch {
      showToast("The file could not be made. Try again.", { isError: true });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      icon={ExportIcon}
      onClick={() => void save()}
      loading={busy}
      accessibilityLabel={`Export ${subject} as CSV`}
    >
      Export
    </Button>
  );
}
