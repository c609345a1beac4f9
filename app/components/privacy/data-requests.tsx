/** A table of requests, each downloadable: by fetch and not by a link, because only fetch carries the session token. */
import { Banner, BlockStack, Button, Card, IndexTable, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import { Empty } from "../frame/empty.tsx";
import { ExportButton } from "../frame/export-button.tsx";
import { useShow } from "../frame/use-show.ts";
import { saveFile } from "../frame/save-file.ts";

export interface ShownRequest {
  id: string;
  customerId: number;
  requestedAt: number;
  downloadedAt: number | null;
}

export function DataRequests({ requests }: { requests: readonly ShownRequest[] }) {
  const show = useShow();
  const [failed, setFailed] = useState(false);
  if (requests.length === 0) {
    return (
      <Card>
        <Empty heading="No requests">
          <p>When a customer asks you for their data, the file to send them appears here.</p>
        </Empty>
      </Card>
    );
  }
  return (
    <BlockStack gap="400">
      {failed && (
        <Banner tone="critical" title="The file could not be made" onDismiss={() => setFailed(false)}>
          <p>Try again. If the customer has been erased meanwhile, there is nothing left to send.</p>
        </Banner>
      )}
      <Card padding="0">
        <IndexTable
          itemCount={requests.length}
          selectable={false}
          headings={[
            { title: "Customer" },
            { title: "Asked" },
            { title: "Last downloaded" },
            { title: "File" },
          ]}
        >
          {requests.map((request, position) => (
            <IndexTable.Row id={request.id} key={request.id} position={position}>
              <IndexTable.Cell>
                <Text as="span">{request.customerId}</Text>
              </IndexTable.Cell>
              <IndexTable.Cell>{show.time(request.requestedAt)}</IndexTable.Cell>
              <IndexTable.Cell>
                {request.downloadedAt === null ? "Not yet" : show.time(request.downloadedAt)}
              </IndexTable.Cell>
              <IndexTable.Cell>
                <Button
                  onClick={() => {
                    setFailed(false);
                    download(request).catch(() => setFailed(true));
                  }}
                  accessibilityLabel={`Download the data of customer ${request.customerId}`}
                >
                  Download
                </Button>
              </IndexTable.Cell>
            </IndexTable.Row>
          ))}
        </IndexTable>
      </Card>
      <InlineStack align="end">
        <ExportButton table="data-requests" />
      </InlineStack>
    </BlockStack>
  );
}

async function download({ id, customerId }: ShownRequest): Promise<void> {
  await saveFile(`/app/privacy/requests/${encodeURIComponent(id)}`, `customer-${customerId}.json`);
}
