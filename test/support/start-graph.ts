import { startCrm, type Ticket } from '../../examples/federation/crm.js';
import { type Order, startOrders } from '../../examples/federation/orders.js';
import { composeSupergraph } from '../../examples/federation/supergraph.js';
import { Direction, Product } from '../../src/catalogue/product.js';
import { startTestGateway, type TestGatewayOptions } from './start-gateway.js';

/** What the routers of the tests and the gateway share. */
export const routerSecret = 'shared by router and gateway';

/** The gateway with two other teams' subgraphs, all over real HTTP, and the supergraph that they compose to. */
export async function startTestGraph(options: TestGatewayOptions = {}) {
  const graphql = { routerSecret, ...options.config?.graphql };
  const gateway = await startTestGateway({ ...options, config: { ...options.config, graphql } });
  const { dataset } = gateway.simulator;
  const messageIds = dataset.ids(Product.SMS, Direction.OUTBOUND);
  const requestIds = dataset.ids(Product.VERIFY_API);
  const recordIds = await globalIds([
    ...messageIds.slice(0, 3),
    ...dataset.ids(Product.VOICE_CALL).slice(0, 3),
  ]);
  const orders = await startOrders(makeOrders(messageIds, requestIds));
  const crm = await startCrm(recordIds.map(makeTicket));
  const urls = { records: `${gateway.url}/graphql`, orders: orders.url, crm: crm.url };
  const { data } = await gateway.ask('{ _service { sdl } }', {}, { 'x-router-secret': routerSecret });
  gateway.simulator.log.clear();
  const close = async () => {
    await Promise.all([orders.close(), crm.close()]);
    await gateway[Symbol.asyncDispose]();
  };
  return {
    gateway,
    simulator: gateway.simulator,
    urls,
    supergraph: composeSupergraph(data._service.sdl, urls),
    messageIds,
    recordIds,
    [Symbol.asyncDispose]: close,
  };

  async function globalIds(ids: readonly string[]): Promise<string[]> {
    const found = await gateway.ask('query ($ids: [ID!]!) { records(ids: $ids) { nodes { id } } }', { ids });
    return found.data.records.nodes.map(({ id }: { id: string }) => id);
  }
}

export type TestGraph = Awaited<ReturnType<typeof startTestGraph>>;

/** 30 orders: 25 different confirmations, five of them twice, and one that Vonage does not know. */
function makeOrders(messageIds: readonly string[], requestIds: readonly string[]): Order[] {
  const accountId = 'abcd1234';
  const known = Array.from({ length: 30 }, (_, index) => ({
    id: String(index + 1),
    total: `${index}.00 EUR`,
    confirmation: { messageId: messageIds[index % 25] ?? '' },
    ...(index < 4 && { verification: { requestId: requestIds[index] ?? '', accountId } }),
  }));
  return [...known, { id: 'lost', total: '1.00 EUR', confirmation: { messageId: 'unknown-message' } }];
}

function makeTicket(recordId: string, index: number): Ticket {
  return { id: `T-${index}`, subject: `Ticket ${index}`, recordId };
}
