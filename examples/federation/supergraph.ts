/** Composes the three subgraphs into the one schema that a router runs. */
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { crmTypeDefs } from './crm.js';
import { ordersTypeDefs } from './orders.js';

/** Where the router finds each subgraph. */
export interface SubgraphUrls {
  readonly records: string;
  readonly orders: string;
  readonly crm: string;
}

/** Where `npm run example:federation` starts them. */
export const exampleUrls: SubgraphUrls = {
  records: 'http://127.0.0.1:4001/graphql',
  orders: 'http://127.0.0.1:4002/',
  crm: 'http://127.0.0.1:4003/',
};

/**
 * The supergraph. Throws what the composer found wrong.
 *
 * @param recordsSdl what the records gateway answers to `_service`; `schema/subgraph.graphql` in this repository
 */
export function composeSupergraph(recordsSdl: string, urls: SubgraphUrls = exampleUrls): string {
  const { supergraphSdl, errors } = composeServices([
    { name: 'records', url: urls.records, typeDefs: parse(recordsSdl) },
    { name: 'orders', url: urls.orders, typeDefs: parse(ordersTypeDefs) },
    { name: 'crm', url: urls.crm, typeDefs: parse(crmTypeDefs) },
  ]);
  if (errors || !supergraphSdl) throw new AggregateError(errors ?? [], errors?.join('\n'));
  return supergraphSdl;
}
