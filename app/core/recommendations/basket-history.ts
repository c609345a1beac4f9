/** Who bought what, order after order, in the form that every recommendation is computed from. */

/** Customers and products are numbered from 0. */
export interface BasketHistory {
  customerCount: number;
  productCount: number;
  /** A customer's orders are those from firstOrder[c] to before firstOrder[c + 1], oldest first. */
  firstOrder: Int32Array;
  /** An order's products are those from firstLine[o] to before firstLine[o + 1] in `product`, each once. */
  firstLine: Int32Array;
  product: Int32Array;
}

export interface OrderLines {
  customerCount: number;
  productCount: number;
  /** Of each order: whose it is, and when it was placed, in any unit that grows. */
  orderCustomer: ArrayLike<number>;
  orderAt: ArrayLike<number>;
  /** Of each line, in any sequence: its order and its product. */
  lineOrder: ArrayLike<number>;
  lineProduct: ArrayLike<number>;
}

/** Orders of the same moment keep the sequence in which they were given; lines of one product in one order count once. */
export function basketHistory(lines: OrderLines): BasketHistory {
  const { customerCount, productCount, orderCustomer, orderAt, lineOrder, lineProduct } = lines;
  const orderCount = orderCustomer.length;
  const firstOrder = starts(orderCustomer, customerCount);
  const sorted = placed(orderCustomer, firstOrder);
  const byTime = (a: number, b: number) => (orderAt[a] as number) - (orderAt[b] as number) || a - b;
  for (let c = 0; c < customerCount; c++) {
    sorted.subarray(firstOrder[c], firstOrder[c + 1]).sort(byTime);
  }
  const rank = new Int32Array(orderCount);
  for (let position = 0; position < orderCount; position++) rank[sorted[position] as number] = position;

  const lineRank = Int32Array.from(lineOrder, (order) => rank[order] as number);
  const given = starts(lineRank, orderCount);
  const byOrder = placed(lineRank, given);
  const firstLine = new Int32Array(orderCount + 1);
  const product = new Int32Array(lineProduct.length);
  const lastSeenIn = new Int32Array(productCount).fill(-1);
  let kept = 0;
  for (let o = 0; o < orderCount; o++) {
    for (let at = given[o] as number; at < (given[o + 1] as number); at++) {
      const p = lineProduct[byOrder[at] as number] as number;
      if (lastSeenIn[p] === o) continue;
      lastSeenIn[p] = o;
      product[kept++] = p;
    }
    firstLine[o + 1] = kept;
  }
  return { customerCount, productCount, firstOrder, firstLine, product: product.slice(0, kept) };
}

/** Where each group begins once its members stand together; one more entry for where the last ends. */
function starts(groupOf: ArrayLike<number>, groups: number): Int32Array {
  const first = new Int32Array(groups + 1);
  for (let i = 0; i < groupOf.length; i++) (first[(groupOf[i] as number) + 1] as number)++;
  for (let g = 0; g < groups; g++) first[g + 1] = (first[g + 1] as number) + (first[g] as number);
  return first;
}

/** The members' numbers, group after group, each group's in the sequence given. */
function placed(groupOf: ArrayLike<number>, first: Int32Array): Int32Array {
  const next = first.slice();
  const members = new Int32Array(groupOf.length);
  for (let i = 0; i < groupOf.length; i++) {
    const group = groupOf[i] as number;
    members[next[group] as number] = i;
    next[group] = (next[group] as number) + 1;
  }
  return members;
}

/** The history without each customer's last order. Customers keep their numbers; who had one order has none. */
export function withoutLastOrders(history: BasketHistory): BasketHistory {
  const { customerCount, productCount, firstOrder, firstLine, product } = history;
  const orders = firstLine.length - 1;
  const shorterFirst = new Int32Array(customerCount + 1);
  const shorterLines = new Int32Array(orders + 1);
  const shorterProduct = new Int32Array(product.length);
  let order = 0;
  let line = 0;
  for (let c = 0; c < customerCount; c++) {
    for (let o = firstOrder[c] as number; o < (firstOrder[c + 1] as number) - 1; o++) {
      for (let at = firstLine[o] as number; at < (firstLine[o + 1] as number); at++) {
        shorterProduct[line++] = product[at] as number;
      }
      shorterLines[++order] = line;
    }
    shorterFirst[c + 1] = order;
  }
  return {
    customerCount,
    productCount,
    firstOrder: shorterFirst,
    firstLine: shorterLines.slice(0, order + 1),
    product: shorterProduct.slice(0, line),
  };
}

/** The products of the customer's last order; none where there is no order. */
export function lastOrder({ firstOrder, firstLine, product }: BasketHistory, customer: number): Int32Array {
  const end = firstOrder[customer + 1] as number;
  if (end === firstOrder[customer]) return new Int32Array(0);
  return product.subarray(firstLine[end - 1], firstLine[end]);
}

/** Orders with each product. */
export function orderCounts({ productCount, product }: BasketHistory): Float64Array {
  const counts = new Float64Array(productCount);
  for (let at = 0; at < product.length; at++) (counts[product[at] as number] as number)++;
  return counts;
}
