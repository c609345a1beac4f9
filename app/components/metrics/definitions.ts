/** What each figure means, in a sentence or two, as docs/metrics.md defines it: shown one click away from the figure. */

export interface Definition {
  /** What it is, so that it could be counted by hand. */
  text: string;
  /** What is in and out, where that is not plain. */
  note?: string;
}

const ORDERS_THAT_COUNT = "Test orders, cancelled orders and orders of customers you left out do not count.";

export const DEFINITIONS = {
  netMinor: {
    text: "Products at list price, less discounts, less what was given back.",
    note: "Tax, shipping and gift cards sold are part of it only where your settings say so. Tips and duties never are.",
  },
  grossMinor: {
    text: "Products at list price, before discounts and refunds.",
    note: "Tax, shipping and gift cards sold are part of it only where your settings say so.",
  },
  refundsMinor: {
    text: "The value of products given back.",
    note: "It lowers the day of the order or the day of the refund, as your settings say.",
  },
  marginMinor: {
    text: "Net sales of products less their unit costs.",
    note: "Where a product has no unit cost, your flat margin stands in; without one, those sales add no margin.",
  },
  refundRate: { text: "What was given back, as a share of gross sales less discounts." },
  aovMinor: { text: "Average order value: net sales divided by orders, guests' orders included." },
  orders: { text: "Orders placed in the period, guests' orders included.", note: ORDERS_THAT_COUNT },
  guestOrders: {
    text: "Orders that name no customer. They count as orders and as money, and guests are not customers.",
  },
  customers: {
    text: "Customers with at least one order in the period, without guests.",
    note: ORDERS_THAT_COUNT,
  },
  newCustomers: { text: "Customers whose first order ever falls in the period." },
  returningCustomers: { text: "Customers of the period who had ordered before it." },
  repeatCustomers: { text: "Customers with two or more orders in the period." },
  repeatPurchaseRate: {
    text: "Customers with two or more orders in the period, of all customers of the period.",
    note: "A longer period gives more people the time to come back: compare it with periods of the same length.",
  },
  retentionRate: {
    text: "Of the customers who ordered in the equally long period just before, the share who ordered again in this one.",
    note: "Customers who had missed the whole period before and came back are counted apart, as reactivated.",
  },
  purchaseFrequency: { text: "Orders of customers in the period divided by customers, without guests." },
  medianDaysBetweenOrders: {
    text: "The middle value of the days between two consecutive orders of the same customer.",
  },
  repeatOrdersShare: {
    text: "Net sales of orders that are not their customer's first, as a share of net sales.",
  },
  returningCustomersShare: {
    text: "Net sales to customers whose first order lies before the period, as a share of net sales.",
  },
  firstProductRate: {
    text: "Customers by the largest product of their first order, and the share of them with a second order.",
    note: "The span under a rate is where chance alone would let it fall, 95 times in 100. Products with few first customers stand together.",
  },
  leavingReasons: {
    text: "Answers to the survey after orders of the period, by whether their customer ordered again within twice the time in which three quarters of reorders come. A bad mark is 1 or 2 of 5, or 0 to 6 of 10 for recommending.",
    note: "Orders that have not had all that time yet do not count, nor do test and cancelled ones and customers you left out. The interval is where chance alone would let the difference fall, 95 times in 100.",
  },
  productRates: {
    text: "Buyers are customers with an order of the period that holds the product. Ordered anything again: those with any later order. Bought it again: those with a later order of the same product.",
    note: "Later orders count also after the period. Net sales are after discounts and refunds of the product, on the order's date.",
  },
  productsTogether: {
    text: "Two products in one order. Against chance: the share of orders with both, divided by what it would be if the two had nothing to do with each other; 1 is chance.",
    note: "The span is its 95% interval. Sorted by its lower end, a rare pair does not stand above a sure one.",
  },
  productsNext: {
    text: "A product in one order and another one in the same customer's next order, and how many times as often as chance alone would bring it.",
    note: "The same product twice is no pair: the table by product tells how many buy it again.",
  },
  netTrend: {
    text: "Products at list price, less discounts, less what was given back, by day, week or month of the period.",
    note: "The dashed line is the compared period, laid over this one from its first day on.",
  },
  ordersTrend: {
    text: "Orders of the period: those that are their customer's first ever, those that are not, and those of guests, who name no customer.",
    note: ORDERS_THAT_COUNT,
  },
  standouts: {
    text: "The last seven whole days against the eight weeks before them: net sales, orders, new customers, second orders and the refund rate.",
    note: "A change is named only if weeks like those eight would bring it less than once in a hundred. It does not follow the period that you chose.",
  },
  customerList: {
    text: "Each customer's orders that are neither a test nor cancelled, and their net sales: products at list price, less discounts, less what was given back. The average order is net sales divided by orders.",
    note: "Over all time. Tax, shipping and gift cards sold are part of net sales only where your settings say so. The first product is the largest line of the first order.",
  },
  customerOrderList: {
    text: "What each order brought after discounts and what was given back of it, whenever that was. The largest line is the product that cost most.",
    note: "Test and cancelled orders are listed, and count in no figure.",
  },
  customerNet: {
    text: "All of this customer's orders: products at list price, less discounts, less what was given back.",
    note: "Test and cancelled orders do not count. Tax, shipping and gift cards sold are part of it only where your settings say so.",
  },
  customerMargin: {
    text: "This customer's net sales of products less their unit costs.",
    note: "Where a product has no unit cost, your flat margin stands in; without one, those sales add no margin.",
  },
  customerOrders: { text: "This customer's orders that are neither a test nor cancelled." },
  customerAverageOrder: { text: "This customer's net sales divided by their orders." },
  customerDaysBetweenOrders: {
    text: "The middle value of the days between each two consecutive orders of this customer.",
  },
  customerRank: {
    text: "One more than the number of customers with higher net sales; equal ones share a rank.",
    note: "Customers whom you left out by a tag are not ranked.",
  },
  cohorts: {
    text: "Customers by the month or week of their first order. Column 0 is the one of the first order itself, column 1 the next, and so on.",
    note: "The period chooses by first order. Refunds lower the month of their order. The last column of each row is still filling up.",
  },
  retentionCurve: {
    text: "Of the customers whose month or week since the first order is over, the share who ordered in it.",
    note: "Points further right count fewer and older customers.",
  },
  repeatCurve: {
    text: "Of the customers whose month or week since the first order is over, the share who had placed a second order by its end.",
    note: "Points further right count fewer and older customers, so the curve can step down.",
  },
  timeToSecondOrder: {
    text: "The estimated share of new customers who place a second order within so many days of the first.",
    note: "Who came lately counts for as long as they were seen, and not as lost (Kaplan and Meier). In 95 of 100 cases the interval holds the true share.",
  },
  expectedValue: {
    text: "What today's customers are expected to spend within the time ahead, later money counted less by the discount rate.",
    note: "Nobody new is counted in. In 80 of 100 cases the interval holds what they will spend, if they go on as they did.",
  },
  expectedValuePerCustomer: {
    text: "The expected value divided by all customers, those who will not come back included.",
  },
  expectedMargin: {
    text: "The expected value at the margin of your sales so far, less what points cost where a programme runs.",
    note: "Where a product has no unit cost, your flat margin stands in; without one, those sales add no margin.",
  },
  expectedSales: {
    text: "What today's customers are expected to spend from now on, added up month by month and not discounted.",
  },
  customerValue: {
    text: "What this customer is expected to spend within the time ahead, later money counted less by the discount rate of the value page.",
    note: "The mean of all possible futures: many bring nothing, some bring much. 80 of 100 lie in the interval.",
  },
  customerAlive: {
    text: "The chance that this customer has not left for good, by how often and how lately they have ordered.",
    note: "Nobody says when they leave: it is told from silence that is long for this customer.",
  },
  customerChurnRisk: {
    text: "The chance of no order within a year: one less the chance of being still a customer times the chance that such a customer orders.",
    note: "Low below 35%, medium below 65%, high below 90%, then probably lost.",
  },
  customerNextOrder: {
    text: "Of the futures that bring an order within a year, half have it by the date, and 80 of 100 have it inside the window.",
    note: "Due is the same as it stood on the day of the last order: it does not move while the customer is silent, and can pass.",
  },
  topTenthShare: {
    text: "Of what all customers are expected to spend, the share of the tenth of them who are worth most.",
  },
  valueBySource: {
    text: "Customers by where the visit came from that led to their first order, with what each brought so far and is expected to bring.",
    note: "Shopify tells no source of orders placed by hand, at a till or by visitors who refuse tracking: these customers stand together. A source's customers may differ in other ways, too.",
  },
  valueByDiscount: {
    text: "Customers by the share of their orders that had a discount: none, up to half, or more than half.",
    note: "It tells who buys how, not what discounts do: who orders once stands at one of the ends.",
  },
  acquisitionSpend: {
    text: "What you wrote down as spent on acquiring customers, over all months that have an amount.",
  },
  acquisitionCost: {
    text: "What was spent in a month, divided by the customers whose first order was in it.",
    note: "Every first order counts, also of those who would have come by themselves. A month without an amount is left out.",
  },
  acquiredValue: {
    text: "What these customers have brought so far and are expected to bring within the time ahead, per customer.",
    note: "Net sales, or what is left of them at the margin of all your sales. What is expected is counted less the later it comes, by the discount rate.",
  },
  valueToCost: {
    text: "What these customers have brought and are expected to bring, divided by what was spent in the month of their first order.",
    note: "Above 1 they bring more than they cost. Old months have had more time to bring. In 80 of 100 cases the interval holds what comes, if customers go on as they did.",
  },
  payback: {
    text: "The first month, that of the first order being 1, by whose end the customers of a month have together brought what was spent in it.",
    note: "Months that have passed are certain; in those to come the interval is that of what is expected.",
  },
  broughtSoFar: {
    text: "Net sales of all customers up to now, refunds taken off the order that they belong to.",
  },
  simpleValue: {
    text: "Average order value, times orders per customer and year in the last 365 days, times the years that a customer is supposed to stay.",
    note: "It takes everybody for the average customer.",
  },
  segmentList: {
    text: "Customers whose facts fit the segment's rule, and what they have brought in all: net sales, and net sales divided by orders. Expected is what they are expected to spend in 12 months, the churn risk the average chance that one of them does not order in that time.",
    note: "As of the day of your last order. A customer can be in several segments; of the groups by recency, frequency and spend, in exactly one while their rules are the usual ones.",
  },
  segmentCustomers: {
    text: "Customers for whom every condition of the rule holds on the day of your last order.",
    note: "Guests are not customers. Customers whom you left out by a tag are in no segment.",
  },
  segmentNet: {
    text: "All orders of the segment's customers: products at list price, less discounts, less what was given back.",
  },
  segmentAverageOrder: { text: "Net sales of the segment's customers divided by their orders." },
  segmentExpected: {
    text: "What the segment's customers are expected to spend within 12 months, later money counted less by 15% a year.",
    note: "By the model on the value page, for what each of them has done by now.",
  },
  segmentExpectedEach: {
    text: "What the segment's customers are expected to spend within 12 months, divided by their number.",
    note: "Set beside what it costs to win a customer, it says what such a customer may cost.",
  },
  segmentChurnRisk: {
    text: "The average chance that a customer of the segment does not order within 12 months.",
    note: "By the model on the value page. A shop whose customers are told by a simple rule has no chances to tell.",
  },
  segmentCost: {
    text: "What was spent in the month of each customer's first order, divided by all customers who ordered first in that month; the average over the customers of the segment.",
    note: "Customers of months without a cost are left out.",
  },
  segmentValueToCost: {
    text: "What the segment's customers have brought and are expected to bring within 12 months, divided by what it cost to win them.",
    note: "Counts the customers of months with a cost. A segment is chosen by what its customers did later, so this does not say what the next customer may cost.",
  },
  segmentMovement: {
    text: "How many customers today's rule would have held for at the end of each month, by what had happened by then.",
    note: "Customers whom you left out by a tag are left out of earlier months as well.",
  },
  programmeMembers: {
    text: "Customers who are members of the points programme now.",
    note: "Who was erased is none any more; what they had stays in the points below.",
  },
  pointsAvailable: {
    text: "Points that members can spend now.",
    note: "What ripens or expires is written within the hour.",
  },
  pointsPending: {
    text: "Points of orders whose return window has not passed. They cannot be spent yet, and a refund takes them back.",
  },
  pointsOwed: {
    text: "Points that were spent before the order that had earned them was refunded. Whatever becomes available pays them first.",
  },
  pointsOutstanding: {
    text: "Points that are members': available and pending ones together.",
    note: "Those of members who were erased stay in it until they expire.",
  },
  pointsOutstandingValue: { text: "Points outstanding times the value of a point." },
  pointValue: {
    text: "What a thousand points are taken to be worth: what the best active reward gives that is an amount of money, what points were redeemed for, or what you entered.",
  },
  pointsBreakage: {
    text: "The share of outstanding points that is expected never to be redeemed.",
    note: "Learnt from how your members have redeemed points of each age before. The interval says how sure the expectation is, not how lucky you may be.",
  },
  pointsLiability: {
    text: "Points outstanding, less breakage, times the value of a point.",
    note: "An estimate for your accountant, who may have rules of their own. While it is too early to tell breakage, nothing is taken off.",
  },
  pointsExpected: {
    text: "Of the points outstanding, how many are expected to be redeemed in each of the coming months.",
    note: "Points that will be earned from now on are not in it.",
  },
  pointsRedeemedByAge: {
    text: "The share of points redeemed within so many months of their coming, if none expired before.",
    note: "Counted from all months that have passed whole. Older ages stand on fewer points.",
  },
  programmeCost: {
    text: "What was given away with rewards: on an order in the month in which it was placed, gift cards and store credit when they were given.",
    note: "Of an amount off no more than the order was discounted by. Orders that were cancelled cost nothing.",
  },
  recommendationEffect: {
    text: "Orders and net sales of all customers who may see their own recommendations, beside those of the customers drawn to see what sells now. Everybody is counted on the side they were drawn for, whatever they have seen.",
    note: "Counted are customers with an order in the year before it began, from its beginning, and new ones from the day after their first order. The two sentences stand on each customer's first 30 days only.",
  },
  programmeEffect: {
    text: "Customers who could join, beside those who were drawn to be kept out, each by the first 90 days: from the beginning for whoever had ordered in the year before it and was no member, from the first order (which does not count) for whoever came later. Everybody counts on the side that was drawn, whether or not they joined.",
    note: "The margin of members bears what the programme costs beyond what sales show, at the rate of all members’ sales since it began; the error of that rate is not in the interval.",
  },
  matchedComparison: {
    text: "Members, in the 90 days after they joined, less the mean of at least five customers who were no members then and 90 days on, and whose last order, first order, number of orders, net sales, first product and first source were about the same on that day.",
    note: "No proof: joining is a choice. The placebo asks the same of the 90 days before joining; where it finds something, members were other people already.",
  },
  recommendationCoverage: {
    text: "How many products each customer is shown for a reason of their own: bought before, bought by the same customers, or new and like it. Pinned products and what sells now do not count.",
  },
} as const satisfies Record<string, Definition>;

export type DefinedFigure = keyof typeof DEFINITIONS;
