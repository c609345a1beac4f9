/**
 * The rows of a bulk result joined into whole records. A child names its parent in `__parentId` and may stand anywhere in
 * the file, before its parent too, so that everything is held until the end: a window is sized to fit.
 */
import { ShopifyError } from "./shopify-error.ts";
import type { AgreementNode, LineNode, OrderNode, SaleNode } from "./order-nodes.ts";
import type { ProductNode, VariantNode } from "./mapping.ts";

export interface Assembly<Root> {
  add(row: BulkRow): void;
  /** All records; throws where a child's parent never came. */
  finish(): Root[];
  readonly objectCount: number;
  readonly rootCount: number;
}

export interface BulkRow {
  id: string;
  __parentId?: string;
}

type Row<Node> = Node & BulkRow;

/** Orders with their lines, agreements and sales. */
export function assembleOrders(): Assembly<OrderNode> {
  const orders = new Map<string, OrderNode>();
  const agreements = new Map<string, AgreementNode>();
  const lines: Row<LineNode>[] = [];
  const sales: Row<SaleNode>[] = [];
  const agreementRows: Row<AgreementNode>[] = [];
  let objectCount = 0;

  function add(row: BulkRow) {
    objectCount += 1;
    if (row.__parentId === undefined) {
      const order = row as Row<OrderNode>;
      order.lines = [];
      order.agreements = [];
      orders.set(row.id, order);
    } else if ("totalAmount" in row) {
      sales.push(row as Row<SaleNode>);
    } else if ("happenedAt" in row) {
      const agreement = row as Row<AgreementNode>;
      agreement.sales = [];
      agreements.set(agreement.id, agreement);
      agreementRows.push(agreement);
    } else {
      lines.push(row as Row<LineNode>);
    }
  }

  function finish(): OrderNode[] {
    for (const line of lines) parentOf(orders, line).lines.push(line);
    for (const agreement of agreementRows) parentOf(orders, agreement).agreements.push(agreement);
    for (const sale of sales) parentOf(agreements, sale).sales.push(sale);
    return [...orders.values()];
  }

  return {
    add,
    finish,
    get objectCount() {
      return objectCount;
    },
    get rootCount() {
      return orders.size;
    },
  };
}

/** Products with their variants. */
export function assembleProducts(): Assembly<ProductNode> {
  const products = new Map<string, ProductNode & { variants: VariantNode[] }>();
  const variants: Row<VariantNode>[] = [];
  let objectCount = 0;

  function add(row: BulkRow) {
    objectCount += 1;
    if (row.__parentId === undefined) {
      products.set(row.id, Object.assign(row as Row<ProductNode>, { variants: [] }));
    } else {
      variants.push(row as Row<VariantNode>);
    }
  }

  function finish(): ProductNode[] {
    for (const variant of variants) parentOf(products, variant).variants.push(variant);
    return [...products.values()];
  }

  return {
    add,
    finish,
    get objectCount() {
      return objectCount;
    },
    get rootCount() {
      return products.size;
    },
  };
}

/** Records without children: customers, checkouts. */
export function assembleFlat<Root>(): Assembly<Root> {
  const roots: Root[] = [];
  return {
    add(row) {
      roots.push(row as Root);
    },
    finish: () => roots,
    get objectCount() {
      return roots.length;
    },
    get rootCount() {
      return roots.length;
    },
  };
}

function parentOf<Parent>(parents: Map<string, Parent>, row: BulkRow): Parent {
  const parent = parents.get(row.__parentId ?? "");
  if (!parent) throw new ShopifyError("bulk", `The bulk result has ${row.id} but not ${row.__parentId}.`);
  return parent;
}
