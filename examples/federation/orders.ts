/** A shop's orders. The subgraph knows only the message id of a record, which its messaging code stored. */
import { type RunningSubgraph, startSubgraph } from './subgraph.js';

export const ordersTypeDefs = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])

  type Query {
    order(id: ID!): Order
    orders: [Order!]!
  }

  type Order @key(fields: "id") {
    id: ID!
    total: String!
    "The SMS that confirmed the order; its id came with the answer of Vonage's SMS API."
    confirmation: SmsOutboundRecord
    "How the buyer's number was verified, in which of the shop's accounts."
    verification: VerifyApiRecord
  }

  type SmsOutboundRecord @key(fields: "messageId", resolvable: false) {
    messageId: ID
  }

  type VerifyApiRecord @key(fields: "requestId accountId", resolvable: false) {
    requestId: ID
    accountId: ID!
  }
`;

export interface Order {
  readonly id: string;
  readonly total: string;
  readonly confirmation?: { readonly messageId: string };
  readonly verification?: { readonly requestId: string; readonly accountId: string };
}

/** @param port 0 selects a free port */
export function startOrders(orders: readonly Order[], port = 0): Promise<RunningSubgraph> {
  const byId = new Map(orders.map((order) => [order.id, order]));
  const resolvers = {
    Query: {
      order: (_source: unknown, { id }: { id: string }) => byId.get(id) ?? null,
      orders: () => orders,
    },
    Order: { __resolveReference: ({ id }: { id: string }) => byId.get(id) ?? null },
  };
  return startSubgraph({ typeDefs: ordersTypeDefs, resolvers, port });
}
