/** The member's code, and how many friends came by it. */
import { BlockStack, Card, Link, Text } from "@shopify/polaris";
import { useShow } from "../frame/use-show.ts";

export interface ShownReferral {
  code: string;
  came: number;
  waiting: number;
  points: number;
}

export function ReferralCard({
  referral: { code, came, waiting, points },
  customerId,
}: {
  referral: ShownReferral;
  customerId: number;
}) {
  const show = useShow();
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          Friends
        </Text>
        <Text as="p">{`Referral code ${code}`}</Text>
        <Text as="p">
          {`${show.counted(came, "friend", "friends")} came, ${show.count(waiting)} waiting, ${show.counted(points, "point", "points")} by them`}
        </Text>
        <Link url={`/app/loyalty/referrals?customer=${customerId}`}>See them</Link>
      </BlockStack>
    </Card>
  );
}
