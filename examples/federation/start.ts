/**
 * Starts a federated graph on loopback: the records gateway with its simulator, two other subgraphs, and a router. One
 * query follows an order to the SMS that confirmed it, and that record to the ticket that an agent attached to it. Another
 * one lists the SMS of a day with their tickets. The graph runs until you stop it. `npm run example:federation`
 *
 * With `AUTH_MODE=token` and `AUTH_TOKENS_FILE` the records gateway takes tokens, and AUTHORIZATION is the header that the
 * example sends, such as `Bearer …`. The list needs the scope `records:range`.
 */

import { buildServedSchema } from '../../src/bootstrap/build-schema.js';
import { readConfig } from '../../src/config/config.js';
import { startGateway } from '../../src/gateway.js';
import { Simulator, simulatorCredentials } from '../../src/simulator/simulator.js';
import { startCrm } from './crm.js';
import { startOrders } from './orders.js';
import { startRouter } from './router.js';
import { composeSupergraph } from './supergraph.js';

/** In production both sides read it from a secret store. */
const routerSecret = 'a-secret-of-router-and-gateway';
const messageId = '15000000E1F8B123';
const port = (variable: string, otherwise: number) => Number(process.env[variable] ?? otherwise);

/** Credentials of the caller; the router forwards them to the records gateway. */
const authorization: Record<string, string> = process.env.AUTHORIZATION
  ? { authorization: process.env.AUTHORIZATION }
  : {};

const orderQuery = `{
  order(id: "1") {
    total
    confirmation {
      status
      to
      totalPrice
      ticket {
        subject
      }
    }
  }
}`;

const listQuery = `{
  recordsByDate(product: SMS, direction: OUTBOUND, since: "2020-06-01T00:00:00Z", until: "2020-06-02T00:00:00Z") {
    nodes {
      vonageId
      occurredAt
      ticket {
        subject
      }
    }
  }
}`;

const servedSchema = await buildServedSchema();
const simulator = await Simulator.start({ shapes: servedSchema.shapes });
const config = readConfig({
  PORT: String(port('RECORDS_PORT', 4001)),
  ROUTER_SECRET: routerSecret,
  VONAGE_API_KEY: simulatorCredentials.apiKey,
  VONAGE_API_SECRET: simulatorCredentials.apiSecret,
  VONAGE_BASE_URL: simulator.url,
  // Without a cache the query makes a visible call, although the start already looked up the record.
  CACHE_MAX_BYTES: '0',
  LOG_LEVEL: 'warn',
  AUTH_MODE: process.env.AUTH_MODE,
  AUTH_TOKENS_FILE: process.env.AUTH_TOKENS_FILE,
});
const gateway = await startGateway({ config, servedSchema });
const orders = await startOrders(
  [{ id: '1', total: '42.00 EUR', confirmation: { messageId } }],
  port('ORDERS_PORT', 4002),
);
const crm = await startCrm(
  [
    {
      id: 'T-1',
      subject: 'The recipient reports that the SMS did not arrive.',
      recordId: await recordIdOf(messageId),
    },
  ],
  port('CRM_PORT', 4003),
);
const urls = { records: `${gateway.url}/graphql`, orders: orders.url, crm: crm.url };
const supergraph = composeSupergraph(await subgraphSdl(), urls);
const router = await startRouter({ supergraph, routerSecret }, port('ROUTER_PORT', 4100));

process.stdout.write(`records  ${urls.records}\norders   ${urls.orders}\ncrm      ${urls.crm}\n`);
await show(orderQuery);
await show(listQuery);
process.stdout.write(`\nAsk the router at ${router.url}\n`);

process.once('SIGINT', () => void stop());
process.once('SIGTERM', () => void stop());

/** Closes the dependencies last. */
async function stop(): Promise<void> {
  for (const each of [router, crm, orders, gateway, simulator]) await each.close();
}

/** Prints a query, the answer of the router, and what it cost. */
async function show(query: string): Promise<void> {
  simulator.log.clear();
  const answer = await ask(router.url, query, authorization);
  process.stdout.write(`\n${query}\n\n${JSON.stringify(answer, null, 2)}\n\n`);
  process.stdout.write(`Calls to Vonage: ${simulator.log.calls.length}\n`);
}

/** The global id of a record, which an agent's tool stores with a ticket. */
async function recordIdOf(id: string): Promise<string> {
  const { data } = await ask(
    `${gateway.url}/graphql`,
    `{ record(id: "${id}", product: SMS, direction: OUTBOUND) { id } }`,
    authorization,
  );
  return data.record.id;
}

/** The SDL of the subgraph, read with the router's secret. */
async function subgraphSdl(): Promise<string> {
  const headers = { 'x-router-secret': routerSecret };
  const { data } = await ask(`${gateway.url}/graphql`, '{ _service { sdl } }', headers);
  return data._service.sdl;
}

async function ask(url: string, document: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: document }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: an example that reads two fields needs no generated types
  return (await response.json()) as { data: any };
}
