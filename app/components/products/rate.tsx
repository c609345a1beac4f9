/** A share of customers with the span in which chance alone would let it fall, or that there are too few to tell. */
import { Text } from "@shopify/polaris";
import { MINIMUM_CUSTOMERS, type RepeatRate } from "../../core/metrics/repeat-rate.ts";
import { useShow } from "../frame/use-show.ts";

export function Rate({ rate }: { rate: RepeatRate | null }) {
  const show = useShow();
  if (!rate) {
    return (
      <Text as="span" tone="subdued">
        <span aria-hidden="true">–</span>
        <Text as="span" visuallyHidden>{`fewer than ${MINIMUM_CUSTOMERS} customers`}</Text>
      </Text>
    );
  }
  return (
    <Spanned value={show.share(rate.rate)} below={`${show.share(rate.low)} – ${show.share(rate.high)}`} />
  );
}

/** A figure with what belongs to it below. */
export function Spanned({ value, below }: { value: string; below: string }) {
  return (
    <>
      {value}
      <br />
      <Text as="span" variant="bodySm" tone="subdued">
        {below}
      </Text>
    </>
  );
}
