import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { pino } from 'pino';
import { buildServedSchema } from '../../src/bootstrap/build-schema.js';
import type { Clock } from '../../src/clock.js';
import { readConfig } from '../../src/config/config.js';
import { startGateway } from '../../src/gateway.js';
import { Simulator, type SimulatorOptions, simulatorCredentials } from '../../src/simulator/simulator.js';
import { type ConfigChanges, changeConfig } from './change-config.js';

export interface GraphqlAnswer<Data = Record<string, any>> {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Data;
  readonly extensions: Record<string, any>;
  readonly errors: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Record<string, any>;
  }[];
}

export interface TestGatewayOptions {
  readonly config?: ConfigChanges;
  readonly simulator?: Partial<SimulatorOptions>;
  readonly clock?: Clock;
  /** Collects the log lines. */
  readonly log?: string[];
}

const preparing = buildServedSchema();

/** Starts a whole gateway and its own simulator, both over real HTTP on free ports. The cache is off by default. */
export async function startTestGateway(options: TestGatewayOptions = {}) {
  const { shapes } = await preparing;
  const simulator = await Simulator.start({ shapes, ratePerSecond: 1000, ...options.simulator });
  const defaults = readConfig({
    NODE_ENV: options.config?.production ? 'production' : 'development',
    PORT: '0',
    VONAGE_API_KEY: simulatorCredentials.apiKey,
    VONAGE_API_SECRET: simulatorCredentials.apiSecret,
    VONAGE_BASE_URL: simulator.url,
    VONAGE_RATE_PER_SECOND: '1000',
    CACHE_MAX_BYTES: '0',
  });
  // Several gateways of one machine cannot have the admin port of production.
  const withoutAdmin = changeConfig(defaults, { admin: { port: undefined } });
  const config = changeConfig(withoutAdmin, options.config ?? {});
  const logger = pino(
    { level: options.log ? 'trace' : 'silent' },
    { write: (line: string) => void options.log?.push(line) },
  );
  const gateway = await startGateway({
    config,
    servedSchema: await preparing,
    logger,
    random: () => 0,
    ...(options.clock && { clock: options.clock }),
  });
  // The log lines at start depend on the machine, such as whether the explorer is built.
  if (options.log) options.log.length = 0;
  const close = async () => {
    await gateway.close();
    await simulator.close();
  };
  return {
    url: gateway.url,
    adminUrl: gateway.adminUrl,
    checkCredentials: gateway.checkCredentials,
    /** Stops the gateway, as a signal does; the simulator goes on. */
    stop: () => gateway.close(),
    engines: gateway.engines,
    /** Applies a changed configuration, as the process does when a file of secrets changes. */
    reload: (changes: ConfigChanges) => gateway.reload(() => changeConfig(config, changes)),
    /** Reloads with a function that reads the configuration. */
    reloadWith: gateway.reload,
    /** The engine of the gateway's own account. */
    get engine() {
      return gateway.engines.of(config.vonage.accountId ?? simulatorCredentials.apiKey);
    },
    simulator,
    ask: asker(gateway.url),
    [Symbol.asyncDispose]: close,
  };
}

/** Posts operations to one gateway; a typed document types its answer. */
interface Asker {
  <Data, Variables>(
    operation: TypedDocumentNode<Data, Variables>,
    variables?: Variables,
  ): Promise<GraphqlAnswer<Data>>;
  (operation: string, variables?: object, headers?: Record<string, string>): Promise<GraphqlAnswer>;
}

function asker(url: string): Asker {
  return (operation: string | TypedDocumentNode, variables?: unknown, headers?: Record<string, string>) =>
    ask<any>(url, typeof operation === 'string' ? operation : print(operation), variables, headers);
}

export type TestGateway = Awaited<ReturnType<typeof startTestGateway>>;

/** Posts one operation, as a client would. */
export async function ask<Data = Record<string, any>>(
  url: string,
  query: string,
  variables?: unknown,
  headers: Record<string, string> = {},
): Promise<GraphqlAnswer<Data>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const body = (await response.json()) as {
    data: Data;
    errors?: GraphqlAnswer['errors'];
    extensions?: object;
  };
  const { data, errors = [], extensions = {} } = body;
  return { status: response.status, headers: response.headers, data, errors, extensions };
}
