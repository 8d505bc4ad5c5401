/** Composes the three subgraphs into the one schema that a router runs. */
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { crmTypeDefs } from './crm.js';
import { ordersTypeDefs } from './orders.js';

/** Address of each subgraph. */
export interface SubgraphUrls {
  readonly records: string;
  readonly orders: string;
  readonly crm: string;
}

/** The addresses that `npm run example:federation` uses. */
export const exampleUrls: SubgraphUrls = {
  records: 'http://127.0.0.1:4001/graphql',
  orders: 'http://127.0.0.1:4002/',
  crm: 'http://127.0.0.1:4003/',
};

/**
 * Composes the supergraph. Throws an error with the composition errors.
 *
 * @param recordsSdl the response of the records gateway to `_service`; `schema/subgraph.graphql` in this repository
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
