/** What is left to say of somebody who was erased on request. */
import { Banner } from "@shopify/polaris";
import { useShow } from "../frame/use-show.ts";

export function ErasedCustomer({ erasedAt }: { erasedAt: number }) {
  const show = useShow();
  return (
    <Banner tone="info" title="This customer’s data was erased on request">
      <p>
        {`It was erased on ${show.time(erasedAt)}. Their orders still count as orders and as money, as a guest’s: nothing links them to a person.`}
      </p>
    </Banner>
  );
}
