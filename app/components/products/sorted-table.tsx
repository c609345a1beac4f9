/** A long table whose order and page stand in the address, so that what one sees can be shared. */
import { IndexTable, Text, type IndexTableProps } from "@shopify/polaris";
import type { ReactNode } from "react";
import { useAddress } from "../frame/use-address.ts";
import { FIRST_TALL_ROWS, useRowsShown } from "../frame/use-awake.ts";
import { useShow } from "../frame/use-show.ts";

export interface Column<Row> {
  title: string;
  /** The figure's name in the address; a column without one cannot be sorted by. */
  sort?: string;
  cell: (row: Row) => ReactNode;
}

export interface Sorting {
  sort: string;
  descending: boolean;
  /** Counted from 1. */
  page: number;
}

type Headings = IndexTableProps["headings"];

export function SortedTable<Row>({
  columns,
  rows,
  rowId,
  total,
  rowsPerPage,
  sorting,
  names,
}: {
  columns: readonly [Column<Row>, ...Column<Row>[]];
  rows: readonly Row[];
  rowId: (row: Row) => string;
  total: number;
  rowsPerPage: number;
  sorting: Sorting;
  names: { singular: string; plural: string };
}) {
  const [, changeAddress] = useAddress();
  const show = useShow();
  const rowsShown = useRowsShown(rows, FIRST_TALL_ROWS);
  const goTo = (page: number) => changeAddress({ page: String(page) });
  const from = (sorting.page - 1) * rowsPerPage;
  const shown = rows.length === 0 ? "0" : `${show.count(from + 1)}–${show.count(from + rows.length)}`;
  return (
    <IndexTable
      itemCount={rows.length}
      resourceName={names}
      selectable={false}
      headings={
        columns.map(({ title, sort }) => ({
          title,
          id: `column-${sort ?? title}`,
          alignment: sort === undefined ? "start" : "end",
        })) as unknown as Headings
      }
      sortable={columns.map(({ sort }) => sort !== undefined)}
      sortColumnIndex={columns.findIndex(({ sort }) => sort === sorting.sort)}
      sortDirection={sorting.descending ? "descending" : "ascending"}
      defaultSortDirection="descending"
      onSort={(index, order) =>
        changeAddress({ sort: columns[index]?.sort ?? null, order, page: null }, { replace: true })
      }
      pagination={{
        hasPrevious: sorting.page > 1,
        hasNext: from + rows.length < total,
        onPrevious: () => goTo(sorting.page - 1),
        onNext: () => goTo(sorting.page + 1),
        label: `${shown} of ${show.count(total)}`,
      }}
    >
      {rowsShown.map((row, position) => (
        <IndexTable.Row id={rowId(row)} key={rowId(row)} position={position}>
          {columns.map(({ title, sort, cell }) => (
            <IndexTable.Cell key={title}>
              {sort === undefined ? (
                cell(row)
              ) : (
                <Text as="span" alignment="end" numeric>
                  {cell(row)}
                </Text>
              )}
            </IndexTable.Cell>
          ))}
        </IndexTable.Row>
      ))}
    </IndexTable>
  );
}
