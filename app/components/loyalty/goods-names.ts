/** What products and collections are called: as the loader was told, and as they were just picked. */
import { useState } from "react";
import { useTold } from "../customers/use-told.ts";
import type { PickedName } from "../frame/app-bridge.ts";

export interface GoodsNames {
  product: Readonly<Record<number, string>>;
  collection: Readonly<Record<number, string>>;
}

export function useGoodsNames(
  products: Readonly<Record<number, string>>,
  collections: Promise<Readonly<Record<number, string>> | null>,
) {
  const { value: told } = useTold(collections);
  const [picked, setPicked] = useState<GoodsNames>({ product: {}, collection: {} });
  const names: GoodsNames = {
    product: { ...products, ...picked.product },
    collection: { ...told, ...picked.collection },
  };
  const onNamed = (kind: keyof GoodsNames, some: readonly PickedName[]) =>
    setPicked({
      ...picked,
      [kind]: { ...picked[kind], ...Object.fromEntries(some.map(({ id, name }) => [id, name])) },
    });
  return { names, onNamed };
}

export type NamedGoods = ReturnType<typeof useGoodsNames>;
