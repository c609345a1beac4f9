/** Whom an import is of: what each row gives, and what is left of it. */
import { BlockStack, Box, Card, IndexTable, InlineGrid, Link, Select, Text } from "@shopify/polaris";
import { nameOrNumber, NamesMissing, type CustomerNames } from "../customers/customer-name.tsx";
import { useTold } from "../customers/use-told.ts";
import { CardHeading } from "../frame/card-heading.tsx";
import { Empty } from "../frame/empty.tsx";
import { useAddress } from "../frame/use-address.ts";
import { useShow } from "../frame/use-show.ts";
import { CustomerField } from "../loyalty/customer-field.tsx";
import { FigureCell } from "../loyalty/figure-cell.tsx";

interface Member {
  row: number;
  customerId: number | null;
  memberId: number | null;
  points: number;
  expiresAt: number | null;
  tierId: string | null;
  tierUntil: number | null;
  left: number | null;
}

interface MembersPage {
  run: { id: string; state: string; rows: number };
  imports: readonly { id: string; at: number }[];
  tiers: readonly { id: string; name: string }[];
  typed: string;
  tierId: string | null;
  members: readonly Member[];
  next: number | null;
  isFirstPage: boolean;
  customerNames: Promise<CustomerNames>;
}

const ANY = "any";

const STATES: Readonly<Record<string, string>> = {
  counted: "Counted, and not given yet.",
  applying: "Being given now.",
  undoing: "Being taken back now.",
  undone: "Taken back.",
};

export function ImportMembers({ page }: { page: MembersPage }) {
  const [, change] = useAddress();
  const show = useShow();
  const customers = useTold(page.customerNames);
  const { run, imports, tiers, members, next, isFirstPage } = page;
  const nameOfTier = new Map(tiers.map(({ id, name }) => [id, name]));
  const isNarrowed = page.typed !== "" || page.tierId !== null;
  return (
    <Card padding="0">
      <Box padding="400">
        <BlockStack gap="400">
          <CardHeading title={show.counted(run.rows, "member", "members")} actions={null} />
          {STATES[run.state] !== undefined && <Text as="p">{STATES[run.state]}</Text>}
          <InlineGrid columns={{ xs: 1, md: 3 }} gap="300">
            <Select
              label="Import"
              options={imports.map(({ id, at }) => ({ value: id, label: show.time(at) }))}
              value={run.id}
              onChange={(id) => change({ import: id, after: null })}
            />
            <Select
              label="Tier"
              options={[
                { value: ANY, label: "All" },
                ...tiers.map(({ id, name }) => ({ value: id, label: name })),
              ]}
              value={page.tierId ?? ANY}
              onChange={(id) => change({ tier: id === ANY ? null : id, after: null })}
            />
            <CustomerField key={page.typed} typed={page.typed} />
          </InlineGrid>
          <NamesMissing names={customers} />
        </BlockStack>
      </Box>
      {members.length === 0 ? (
        <Empty heading={isNarrowed ? "No such member" : "No members"}>
          <p>{isNarrowed ? "No row of this import is like that." : "No row of the file is of a customer."}</p>
        </Empty>
      ) : (
        <IndexTable
          resourceName={{ singular: "member", plural: "members" }}
          itemCount={members.length}
          selectable={false}
          headings={[
            { title: "Member" },
            { title: "Points", alignment: "end" },
            { title: "Of them left", alignment: "end" },
            { title: "Expire" },
            { title: "Tier" },
            { title: "Row", alignment: "end" },
          ]}
          pagination={{
            hasPrevious: !isFirstPage,
            hasNext: next !== null,
            onPrevious: () => change({ after: null }),
            onNext: () => change({ after: String(next) }),
            accessibilityLabel: "Pages of the members",
          }}
        >
          {members.map((member, position) => (
            <IndexTable.Row key={member.row} id={String(member.row)} position={position}>
              <IndexTable.Cell>
                {member.customerId === null ? (
                  "Erased"
                ) : (
                  <Link url={`/app/customers/${member.customerId}/points`} monochrome removeUnderline>
                    {nameOrNumber(member.customerId, customers)}
                  </Link>
                )}
              </IndexTable.Cell>
              <FigureCell text={show.count(member.points)} />
              <FigureCell text={show.count(member.left)} />
              <IndexTable.Cell>
                {member.points === 0
                  ? "–"
                  : member.expiresAt === null
                    ? "By your rules"
                    : show.date(member.expiresAt)}
              </IndexTable.Cell>
              <IndexTable.Cell>
                {member.tierId === null ? "–" : tierWords(member, nameOfTier, show.date)}
              </IndexTable.Cell>
              <FigureCell text={show.count(member.row)} />
            </IndexTable.Row>
          ))}
        </IndexTable>
      )}
    </Card>
  );
}

function tierWords(
  { tierId, tierUntil }: Member,
  names: ReadonlyMap<string, string>,
  date: (at: number) => string,
): string {
  const name = names.get(tierId ?? "") ?? tierId ?? "";
  return tierUntil === null ? name : `${name} until ${date(tierUntil)}`;
}
