import { buildClientSchema, type GraphQLSchema, introspectionFromSchema, parse, validate } from 'graphql';
import { buildServedSchema } from '../src/bootstrap/build-schema.js';
import type { ConfigChanges } from '../test/support/change-config.js';
import {
  startTestGateway,
  type TestGateway,
  type TestGatewayOptions,
} from '../test/support/start-gateway.js';
import { type HttpAnswer, type ReadAnswer, readAnswer } from './answer-faults.js';
import { dataFaults } from './data-faults.js';
import type { GraphqlRequest } from './graphql-request.js';
import { ProcessWatch } from './process-watch.js';

const preparing = buildServedSchema();

/** Milliseconds within which engines come to rest once everything is answered. */
const restMs = 5000;

/** A gateway to which anything is sent, and which must keep its promises. */
export class FuzzedGateway implements AsyncDisposable {
  readonly gateway: TestGateway;
  /** What it serves. */
  readonly schema: GraphQLSchema;
  readonly #log: string[];
  readonly #config: ConfigChanges;
  readonly #watch = new ProcessWatch();

  private constructor(gateway: TestGateway, schema: GraphQLSchema, log: string[], config: ConfigChanges) {
    this.gateway = gateway;
    this.schema = schema;
    this.#log = log;
    this.#config = config;
  }

  static async start(options: TestGatewayOptions = {}): Promise<FuzzedGateway> {
    const log: string[] = [];
    const gateway = await startTestGateway({ ...options, log });
    const { schema } = await preparing;
    // As clients know it: scalars and enums are what is written, whatever they are inside.
    return new FuzzedGateway(
      gateway,
      buildClientSchema(introspectionFromSchema(schema)),
      log,
      options.config ?? {},
    );
  }

  /** Sends a request, and says in what the answer breaks its promises. */
  async faultsOf(request: GraphqlRequest, signal?: AbortSignal): Promise<string[]> {
    const answer = await this.#send(request, signal);
    if (!answer) return [];
    const { faults, data, errors } = readAnswer(answer, this.#config);
    return [
      ...faults,
      ...(data ? this.#faultsOfData(request, data) : this.#faultsOfNothing(request, data, errors)),
    ];
  }

  /** What went wrong behind the answers since the last time, and which engines do not come to rest. */
  async restFaults(): Promise<string[]> {
    const untilMs = performance.now() + restMs;
    while (this.#busy().length > 0 && performance.now() < untilMs)
      await new Promise((resolve) => setTimeout(resolve, 5));
    const defects = this.#log.splice(0).filter((line) => JSON.parse(line).level >= 50);
    return [
      ...this.#watch.takeFaults(),
      ...defects.map((line) => `it logged ${line.slice(0, 1500)}`),
      ...this.#busy(),
    ];
  }

  /** Asks like anybody, and says whether that does not work any more. */
  async plainFaults(headers: Readonly<Record<string, string>> = {}): Promise<string[]> {
    const query = '{ record(id: "15000000E1F8B123", product: SMS, direction: OUTBOUND) { vonageId } }';
    const { data, errors } = await this.gateway.ask(query, undefined, headers);
    if (data?.record?.vonageId === '15000000E1F8B123') return [];
    return [`a plain look-up does not work any more: ${JSON.stringify(errors)}`];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway[Symbol.asyncDispose]();
    this.#watch[Symbol.dispose]();
  }

  #busy(): string[] {
    return this.gateway.engines.all.flatMap(({ waiting, pending, inFlight, lanes }) =>
      waiting + pending + inFlight + lanes === 0
        ? []
        : [`not at rest: ${JSON.stringify({ waiting, pending, inFlight, lanes })}`],
    );
  }

  async #send(
    { method, headers, fields }: GraphqlRequest,
    signal?: AbortSignal,
  ): Promise<HttpAnswer | undefined> {
    const isGet = method === 'GET';
    const url = `${this.gateway.url}/graphql${isGet ? `?${searchOf(fields)}` : ''}`;
    const own = {
      ...headers,
      ...(isGet ? { 'apollo-require-preflight': '1' } : { 'content-type': 'application/json' }),
    };
    try {
      const response = await fetch(url, {
        method,
        headers: own,
        ...(!isGet && { body: JSON.stringify(fields) }),
        ...(signal && { signal }),
      });
      return { status: response.status, headers: response.headers, text: await response.text() };
    } catch (error) {
      if (signal?.aborted) return undefined;
      throw error;
    }
  }

  #faultsOfData({ fields, method }: GraphqlRequest, data: unknown): string[] {
    const { query, operationName, variables } = fields;
    if (typeof query !== 'string') return ['data without a document'];
    const document = parse(query);
    const [invalid] = validate(this.schema, document);
    if (invalid) return [`data for a document that is not valid: ${invalid.message}`];
    // Names in a query string are text, whatever was meant.
    const name = method === 'GET' && operationName !== undefined ? String(operationName) : operationName;
    return dataFaults(
      {
        schema: this.schema,
        document,
        operationName: (name ?? undefined) as string | undefined,
        variables: (variables ?? {}) as Record<string, unknown>,
      },
      data,
    );
  }

  #faultsOfNothing({ headers }: GraphqlRequest, data: unknown, errors: ReadAnswer['errors']): string[] {
    const isDryRun = headers['x-dry-run'] === '1';
    return data === null && errors.length === 0 && !isDryRun ? ['data is null, and nobody says why'] : [];
  }
}

function searchOf(fields: GraphqlRequest['fields']): URLSearchParams {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return new URLSearchParams(
    entries.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}
