import { ObservedGateway, type UpstreamCall } from './observed-gateway.js';

/** The SMS that the simulator always holds. */
const knownId = '15000000E1F8B123';

/**
 * The simulator of a checkout in a process of its own, so that what it does is not counted as the gateway's. It runs
 * inside a first gateway, whose one call to it tells its address and its credentials.
 */
export class SimulatorProcess implements AsyncDisposable {
  /** The variables with which another gateway calls this simulator. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ids of outbound SMS, each once. */
  readonly smsIds: readonly string[];
  readonly #host: ObservedGateway;

  private constructor(
    host: ObservedGateway,
    { url, authorization }: UpstreamCall,
    smsIds: readonly string[],
  ) {
    const [apiKey = '', apiSecret = ''] = decodeBasic(authorization).split(':');
    this.#host = host;
    this.environment = {
      VONAGE_BASE_URL: new URL(url).origin,
      VONAGE_API_KEY: apiKey,
      VONAGE_API_SECRET: apiSecret,
    };
    this.smsIds = smsIds;
  }

  /** @throws when the gateway of the checkout does not start, or makes no call to its simulator */
  static async start(checkout: string): Promise<SimulatorProcess> {
    const host = await ObservedGateway.start(checkout);
    try {
      await host.send(lookupDocument('FindSimulator', knownId));
      // The check of the credentials at the start is a call for another product.
      const { upstreamCalls } = await host.takeActivity();
      const call = upstreamCalls.find(({ url }) => new URL(url).searchParams.get('product') === 'SMS');
      if (!call) throw new Error(`The lookup of ${knownId} made no call to the simulator`);
      return new SimulatorProcess(host, call, await smsIdsByDate(call));
    } catch (error) {
      await host[Symbol.asyncDispose]();
      throw error;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#host[Symbol.asyncDispose]();
  }
}

/** The measured operation. It selects only what every version of the schema has. */
export function lookupDocument(name: string, id: string): string {
  return `query ${name} { record(id: "${id}", product: SMS, direction: OUTBOUND) { id } }`;
}

/** Asks for the SMS of the month that made-up records are from, with what the gateway sent beside its one id. */
async function smsIdsByDate({ url, authorization }: UpstreamCall): Promise<string[]> {
  const byDate = new URL(url);
  byDate.searchParams.delete('id');
  byDate.searchParams.set('date_start', '2026-01-01T00:00:00Z');
  byDate.searchParams.set('date_end', '2026-02-01T00:00:00Z');
  const response = await fetch(byDate, { headers: { authorization } });
  const body = await response.text();
  if (!response.ok) throw new Error(`The simulator responded with ${response.status}: ${body.slice(0, 500)}`);
  const { records } = JSON.parse(body) as { records: readonly Readonly<Record<string, string>>[] };
  return [...new Set(records.flatMap(({ message_id: id }) => (id ? [id] : [])))];
}

function decodeBasic(authorization: string): string {
  return Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString('utf8');
}
