/** Who brought whom, what the checks said, and the merchant's word against it. */
import {
  Badge,
  BlockStack,
  Box,
  Button,
  Card,
  IndexTable,
  InlineGrid,
  InlineStack,
  Link,
  Select,
  Text,
} from "@shopify/polaris";
import { useState } from "react";
import type { Check, Finding } from "../../core/referrals/fraud-checks.ts";
import type { ReferralTerms } from "../../core/referrals/referral-rules.ts";
import type { Overruled, ReferralStatus } from "../../core/referrals/referral-target.ts";
import { nameOrNumber, NamesMissing, type CustomerNames } from "../customers/customer-name.tsx";
import { OrderLink, type OrderNames } from "../customers/order-name.tsx";
import { useTold } from "../customers/use-told.ts";
import { Confirm } from "../data/confirm.tsx";
import { useDataAction } from "../data/use-data-action.ts";
import { CardHeading } from "../frame/card-heading.tsx";
import { Empty } from "../frame/empty.tsx";
import { ExportButton } from "../frame/export-button.tsx";
import { useAddress } from "../frame/use-address.ts";
import { useShow } from "../frame/use-show.ts";
import { CustomerField } from "./customer-field.tsx";
import { STATUS_TONES, STATUS_WORDS, verdictWords } from "./referral-words.ts";

interface Line {
  id: string;
  orderId: number;
  memberId: number;
  customerId: number | null;
  referredAt: number;
  terms: ReferralTerms;
  verdict: Finding["verdict"] | "unchecked";
  because: Check | null;
  overruled: Overruled | null;
  status: ReferralStatus;
}

export interface ReferralsPage {
  show: ReferralStatus | "warned" | null;
  typed: string;
  lines: readonly Line[];
  older: string | null;
  isFirstPage: boolean;
  isOn: boolean;
  counts: Partial<Record<ReferralStatus, number>>;
  orderNames: Promise<OrderNames>;
  customerNames: Promise<CustomerNames>;
}

const ANY = "any";

export function ReferralTable({ page }: { page: ReferralsPage }) {
  const [, change] = useAddress();
  const show = useShow();
  const { value: names } = useTold(page.orderNames);
  const customers = useTold(page.customerNames);
  const { lines, older, isFirstPage, counts } = page;
  const count = (status: ReferralStatus) =>
    counts[status] === undefined ? "" : ` (${show.count(counts[status])})`;
  const options = [
    { value: ANY, label: "All referrals" },
    ...Object.entries(STATUS_WORDS).map(([value, label]) => ({
      value,
      label: `${label}${count(value as ReferralStatus)}`,
    })),
    { value: "warned", label: "Households" },
  ];
  return (
    <Card padding="0">
      <Box padding="400">
        <BlockStack gap="400">
          <CardHeading
            title="Friends who came"
            actions={lines.length > 0 && <ExportButton table="referrals" subject="the referrals" />}
          />
          <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
            <Select
              label="Which"
              options={options}
              value={page.show ?? ANY}
              onChange={(value) => change({ show: value === ANY ? null : value, after: null })}
            />
            <CustomerField key={page.typed} typed={page.typed} label="Customer number of the member" />
          </InlineGrid>
          <NamesMissing names={customers} />
        </BlockStack>
      </Box>
      {lines.length === 0 ? (
        <Nobody page={page} />
      ) : (
        <IndexTable
          resourceName={{ singular: "referral", plural: "referrals" }}
          itemCount={lines.length}
          selectable={false}
          headings={[
            { title: "Referral" },
            { title: "What the checks said" },
            { title: "Your word" },
            { title: "Member" },
            { title: "When" },
          ]}
          pagination={{
            hasPrevious: !isFirstPage,
            hasNext: older !== null,
            onPrevious: () => change({ after: null }),
            onNext: () => change({ after: older }),
            accessibilityLabel: "Pages of the referrals",
          }}
        >
          {lines.map((line, position) => (
            <IndexTable.Row key={line.id} id={line.id} position={position}>
              <IndexTable.Cell>
                <InlineStack gap="200" blockAlign="center" wrap={false}>
                  <OrderLink orderId={line.orderId} names={names} />
                  <Badge {...toneOf(line.status)}>{STATUS_WORDS[line.status]}</Badge>
                </InlineStack>
              </IndexTable.Cell>
              <IndexTable.Cell>
                <Box maxWidth="20rem">
                  <Text as="span" breakWord tone={line.overruled === null ? undefined : "subdued"}>
                    {verdictWords(line.verdict, line.because)}
                  </Text>
                </Box>
              </IndexTable.Cell>
              <IndexTable.Cell>
                <Word line={line} name={names?.[line.orderId] ?? String(line.orderId)} />
              </IndexTable.Cell>
              <IndexTable.Cell>
                {line.customerId === null ? (
                  `Member ${line.memberId}`
                ) : (
                  <Link url={`/app/customers/${line.customerId}/points`} monochrome removeUnderline>
                    {nameOrNumber(line.customerId, customers)}
                  </Link>
                )}
              </IndexTable.Cell>
              <IndexTable.Cell>{show.date(line.referredAt)}</IndexTable.Cell>
            </IndexTable.Row>
          ))}
        </IndexTable>
      )}
    </Card>
  );
}

function toneOf(status: ReferralStatus) {
  const tone = STATUS_TONES[status];
  return tone === undefined ? {} : { tone };
}

function Nobody({ page: { show, typed, isOn } }: { page: ReferralsPage }) {
  if (show !== null || typed !== "")
    return (
      <Empty heading="No such referral">
        <p>No friend who came is like that.</p>
      </Empty>
    );
  return (
    <Empty heading={isOn ? "Nobody has brought a friend yet" : "Members cannot bring friends yet"}>
      <p>
        Each member has a link and a code. Friends who order by it for the first time appear here, with what
        was found when their order was compared with the member’s.
      </p>
      {!isOn && (
        <p>
          <Link url="/app/loyalty/referrals/settings">Set up referrals</Link>
        </p>
      )}
    </Empty>
  );
}

/** Whether it counts is the merchant's to say, either way, and to take back. */
function Word({ line: { id, status, overruled }, name }: { line: Line; name: string }) {
  const { send, running } = useDataAction();
  const [isAsking, setAsking] = useState(false);
  const say = (word: Overruled | "undo") => send({ intent: "overrule", referral: id, say: word });
  const isBusy = running !== null;
  if (overruled !== null)
    return (
      <InlineStack gap="200" blockAlign="center" wrap={false}>
        <Text as="span">{overruled === "allow" ? "It counts" : "It does not count"}</Text>
        <Button
          size="slim"
          onClick={() => say("undo")}
          loading={isBusy}
          accessibilityLabel={`Take back your word on ${name}`}
        >
          Undo
        </Button>
      </InlineStack>
    );
  const isAgainst = status === "blocked" || status === "held";
  return (
    <>
      <Button
        size="slim"
        onClick={() => setAsking(true)}
        loading={isBusy}
        accessibilityLabel={`${isAgainst ? "Let it count" : "Block"}: ${name}`}
      >
        {isAgainst ? "Let it count" : "Block"}
      </Button>
      <Confirm
        open={isAsking}
        title={isAgainst ? "Let this referral count?" : "Block this referral?"}
        text={
          isAgainst
            ? "Both get what was promised once the friend’s order has passed its return window. You can undo it."
            : "Nothing is given for it, and what was given is taken back. You can undo it."
        }
        action={isAgainst ? "Let it count" : "Block it"}
        onConfirm={() => say(isAgainst ? "allow" : "block")}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
