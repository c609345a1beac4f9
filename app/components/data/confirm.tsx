/** Asks once more before something is done that cannot be taken back. */
import { Modal, Text } from "@shopify/polaris";

export function Confirm({
  open,
  title,
  text,
  action,
  destructive = false,
  onConfirm,
  onClose,
}: {
  open: boolean;
  title: string;
  text: string;
  action: string;
  destructive?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}) {
  return (
    <Modal
      open={open}
      onClose={onClose}
      title={title}
      primaryAction={{
        content: action,
        destructive,
        onAction: () => {
          onConfirm();
          onClose();
        },
      }}
      secondaryActions={[{ content: "Cancel", onAction: onClose }]}
    >
      <Modal.Section>
        <Text as="p">{text}</Text>
      </Modal.Section>
    </Modal>
  );
}
