/** The tags at Shopify that are Perennial's own: nobody else's are ever touched, and these decide nothing in the figures. */
import type { SegmentName } from "./usual-segments.ts";

const PREFIX = "perennial:";

export function segmentTag(name: SegmentName): string {
  return `${PREFIX}${name}`;
}

/** Shopify compares tags without regard to case. */
export function isOwnTag(tag: string): boolean {
  return tag.trim().toLowerCase().startsWith(PREFIX);
}
