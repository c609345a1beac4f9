/** Turns what Shopify tells of customers into what is kept: the tags themselves are not, only whether one of them excludes. */
import { z } from "zod";
import type { Customer } from "../../core/customer.ts";
import { isOwnTag } from "../../core/segments/segment-tag.ts";
import { mapCustomer, type CustomerNode } from "../../shopify/mapping.ts";

const tagList = z.array(z.string());

/**
 * `excludedTags` as the shop's row holds them: a JSON array. A tag that Perennial itself gives never leaves anybody out: they would leave
 * the segment with it, lose the tag, and come back.
 */
export function excludedTagsOf({ excludedTags }: { excludedTags: string }): string[] {
  return tagList.parse(JSON.parse(excludedTags)).filter((tag) => !isOwnTag(tag));
}

/** `undefined`: it depends on tags that were not told. */
export function excludedByTags(shop: {
  excludedTags: string;
}): (tags: readonly string[] | null) => boolean | undefined {
  const excluding = new Set(excludedTagsOf(shop).map((tag) => tag.toLowerCase()));
  return (tags) => {
    if (excluding.size === 0) return false;
    return tags?.some((tag) => excluding.has(tag.toLowerCase()));
  };
}

/** Shopify compares tags without regard to case. */
export function customerMapper(shop: { excludedTags: string }): (node: CustomerNode) => Customer {
  const excluding = new Set(excludedTagsOf(shop).map((tag) => tag.toLowerCase()));
  return (node) => {
    const { tags, ...facts } = mapCustomer(node);
    return { ...facts, excluded: tags.some((tag) => excluding.has(tag.toLowerCase())) };
  };
}
