/** Tickets that agents attach to records of any product. The subgraph extends all record types at once. */
import { type RunningSubgraph, startSubgraph } from './subgraph.js';

export const crmTypeDefs = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@interfaceObject"])

  type Query {
    tickets: [Ticket!]!
    "The tickets of records, one entry for each id in its order; for gateways that stitch instead of federate."
    ticketsOfRecords(recordIds: [ID!]!): [Ticket]!
  }

  type VonageRecord @key(fields: "id") @interfaceObject {
    id: ID!
    ticket: Ticket
  }

  type Ticket @key(fields: "id") {
    id: ID!
    subject: String!
    "Global id of the record, as the records gateway shows it in \`id\`."
    recordId: ID!
    record: VonageRecord
  }
`;

export interface Ticket {
  readonly id: string;
  readonly subject: string;
  /** Global id of the record of the ticket. */
  readonly recordId: string;
}

/** @param port 0 selects a free port */
export function startCrm(tickets: readonly Ticket[], port = 0): Promise<RunningSubgraph> {
  const byId = new Map(tickets.map((ticket) => [ticket.id, ticket]));
  const byRecord = new Map(tickets.map((ticket) => [ticket.recordId, ticket]));
  const ticketOf = (recordId: string) => byRecord.get(recordId) ?? null;
  const resolvers = {
    Query: {
      tickets: () => tickets,
      ticketsOfRecords: (_source: unknown, { recordIds }: { recordIds: string[] }) => recordIds.map(ticketOf),
    },
    VonageRecord: {
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      ticket: ({ id }: { id: string }) => ticketOf(id),
    },
    Ticket: {
      __resolveReference: ({ id }: { id: string }) => byId.get(id) ?? null,
      record: ({ recordId }: Ticket) => ({ id: recordId }),
    },
  };
  return startSubgraph({ typeDefs: crmTypeDefs, resolvers, port });
}
