/**
 * Latency of an idle gateway: one lookup at a time, well below the rate, each after the same call made directly. The
 * gateway adds the difference: GraphQL, one more HTTP hop, and the tick that a batch waits for.
 * `npm run bench -- idle-latency`
 */
import { Product } from '../src/catalogue/product.js';
import { simulatorCredentials } from '../src/simulator/simulator.js';
import { recordsPath } from '../src/vonage/wire.js';
import { spreadOf } from './support/closed-loop.js';
import { fixed, print, printTable } from './support/print.js';
import { get, post, RawConnection } from './support/raw-connection.js';
import { outboundIds, startGatewayProcess, startSimulator, tenFields } from './support/stage.js';

const lookups = 2000;
const warmUp = 1000;
const query = `query ($id: ID!) { record(id: $id, product: SMS, direction: OUTBOUND) { ${tenFields} } }`;

export async function benchIdleLatency(): Promise<void> {
  const ids = await outboundIds(lookups + warmUp);
  // The rate is far above the demand of one client, so that no lookup waits for a token.
  await using simulator = await startSimulator(100_000, ids.length);
  await using gateway = await startGatewayProcess(simulator.url, { VONAGE_RATE_PER_SECOND: '1000' });
  const direct = await RawConnection.open(simulator.url);
  const through = await RawConnection.open(gateway.url);
  const directMs: number[] = [];
  const throughMs: number[] = [];
  for (const id of ids) {
    directMs.push(await timeOf(direct, directCall(simulator.url, id)));
    throughMs.push(await timeOf(through, post(`${gateway.url}/graphql`, query, { id })));
  }
  direct.close();
  through.close();
  const call = spreadOf(directMs.slice(warmUp));
  const added = spreadOf(throughMs.slice(warmUp).map((ms, index) => ms - (directMs[index + warmUp] ?? 0)));
  const whole = spreadOf(throughMs.slice(warmUp));
  printTable(
    [`${lookups.toLocaleString('en')} lookups, one at a time`, 'median', 'p99'],
    [
      row('direct call to the simulator', call),
      row('through the gateway', whole),
      row('added to each lookup', added),
    ],
  );
  print(`a call to Vonage takes about 100 ms; the gateway adds ${fixed(added.medianMs, 2)} ms to it`);
}

async function timeOf(connection: RawConnection, request: string): Promise<number> {
  const startedAt = performance.now();
  const { status, body } = await connection.request(request);
  const tookMs = performance.now() - startedAt;
  if (status !== 200 || body.includes('"errors"'))
    throw new Error(`Answered ${status}: ${body.slice(0, 300)}`);
  return tookMs;
}

function directCall(url: string, id: string): string {
  const { apiKey, apiSecret } = simulatorCredentials;
  const query = new URLSearchParams({ account_id: apiKey, product: Product.SMS, direction: 'outbound', id });
  const authorization = `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}`;
  return get(`${url}${recordsPath}?${query}`, { authorization, accept: 'application/json' });
}

function row(name: string, { medianMs, p99Ms }: { medianMs: number; p99Ms: number }): string[] {
  return [name, `${fixed(medianMs, 2)} ms`, `${fixed(p99Ms, 2)} ms`];
}
