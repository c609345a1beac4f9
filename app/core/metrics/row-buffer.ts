/** Rows on their way from a database into columns, and the columns' own narrow arrays. */

/** Integers in the narrowest array that holds them all. */
export type IntColumn = Int8Array | Int16Array | Int32Array | Float64Array;

/** Rows on their way into columns: one growing array per field, widened from 32 bits at the first value that needs it. */
export interface RowBuffer<Field extends string> {
  readonly fields: readonly Field[];
  count: number;
  capacity: number;
  readonly columns: (Int32Array | Float64Array)[];
}

export function rowBuffer<Field extends string>(
  fields: readonly Field[],
  capacity: number,
): RowBuffer<Field> {
  return { fields, count: 0, capacity, columns: fields.map(() => new Int32Array(capacity)) };
}

function copyInto<T extends Int32Array | Float64Array>(target: T, source: Int32Array | Float64Array): T {
  target.set(source);
  return target;
}

function grow<Field extends string>(rows: RowBuffer<Field>): void {
  rows.capacity = Math.max(1024, rows.capacity * 2);
  rows.columns.forEach((column, index) => {
    const larger =
      column instanceof Int32Array ? new Int32Array(rows.capacity) : new Float64Array(rows.capacity);
    rows.columns[index] = copyInto(larger, column);
  });
}

/** Adds one row; the values stand in the order of the buffer's fields and `null` becomes 0 (ids are positive). */
export function addRow<Field extends string>(
  rows: RowBuffer<Field>,
  values: readonly (number | null)[],
): void {
  if (rows.count === rows.capacity) grow(rows);
  const { columns, count } = rows;
  for (let field = 0; field < columns.length; field++) {
    const value = values[field] ?? 0;
    let column = columns[field] as Int32Array | Float64Array;
    if (column instanceof Int32Array && value !== (value | 0)) {
      column = copyInto(new Float64Array(rows.capacity), column);
      columns[field] = column;
    }
    column[count] = value;
  }
  rows.count = count + 1;
}

export function fieldOf<Field extends string>(
  rows: RowBuffer<Field>,
  field: Field,
): Int32Array | Float64Array {
  const column = rows.columns[rows.fields.indexOf(field)];
  if (!column) throw new Error(`no field ${field}`);
  return column.subarray(0, rows.count);
}

/** One array after the other, in 32 bits where both of them are at most that wide. */
export function joined(first: IntColumn | Uint8Array, second: IntColumn): Int32Array | Float64Array {
  const isWide = first instanceof Float64Array || second instanceof Float64Array;
  const count = first.length + second.length;
  const both = isWide ? new Float64Array(count) : new Int32Array(count);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** Takes `values[order[0]], values[order[1]], ...`. */
export function gather(values: Int32Array | Float64Array, order: Int32Array): Int32Array | Float64Array {
  const taken = values instanceof Int32Array ? new Int32Array(order.length) : new Float64Array(order.length);
  for (let i = 0; i < order.length; i++) taken[i] = values[order[i] as number] as number;
  return taken;
}

export function narrowed(values: Int32Array | Float64Array): IntColumn {
  let min = 0;
  let max = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value < min) min = value;
    else if (value > max) max = value;
  }
  // The constructors copy; `from` would go value by value.
  if (min >= -128 && max <= 127) return new Int8Array(values);
  if (min >= -32_768 && max <= 32_767) return new Int16Array(values);
  if (min >= -2_147_483_648 && max <= 2_147_483_647) {
    return values instanceof Int32Array ? values : new Int32Array(values);
  }
  return new Float64Array(values);
}
