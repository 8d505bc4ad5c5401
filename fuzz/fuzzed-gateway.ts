import { buildClientSchema, type GraphQLSchema, introspectionFromSchema, parse, validate } from 'graphql';
import { buildServedSchema } from '../src/bootstrap/build-schema.js';
import type { ConfigChanges } from '../test/support/change-config.js';
import {
  startTestGateway,
  type TestGateway,
  type TestGatewayOptions,
} from '../test/support/start-gateway.js';
import { checkData } from './check-data.js';
import { type CheckedResponse, checkResponse, type HttpResponse } from './check-response.js';
import type { GraphqlRequest } from './graphql-request.js';
import { ProcessMonitor } from './process-monitor.js';

const preparing = buildServedSchema();

/** Lookups in a row that may end by their deadline before one counts as failed. */
const lookupAttempts = 5;

/** Maximum time until the engines are idle after the last response. */
const idleTimeoutMs = 5000;

/** A gateway that receives random requests and must keep its promises. */
export class FuzzedGateway implements AsyncDisposable {
  readonly gateway: TestGateway;
  /** The schema that the gateway serves. */
  readonly schema: GraphQLSchema;
  readonly #log: string[];
  readonly #config: ConfigChanges;
  readonly #monitor = new ProcessMonitor();

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
    // The client view of the schema: scalars and enums have their serialized values.
    return new FuzzedGateway(
      gateway,
      buildClientSchema(introspectionFromSchema(schema)),
      log,
      options.config ?? {},
    );
  }

  /** Sends a request and returns the promises that its response violates. */
  async violationsOf(request: GraphqlRequest, signal?: AbortSignal): Promise<string[]> {
    const response = await this.#send(request, signal);
    if (!response) return [];
    const { violations, data, errors } = checkResponse(response, this.#config);
    return [
      ...violations,
      ...(data ? this.#dataViolations(request, data) : this.#nullViolations(request, data, errors)),
    ];
  }

  /** Returns internal errors since the previous call, and the engines that do not become idle. */
  async backgroundViolations(): Promise<string[]> {
    const untilMs = performance.now() + idleTimeoutMs;
    while (this.#busy().length > 0 && performance.now() < untilMs)
      await new Promise((resolve) => setTimeout(resolve, 5));
    const defects = this.#log.splice(0).filter((line) => JSON.parse(line).level >= 50);
    return [
      ...this.#monitor.takeViolations(),
      ...defects.map((line) => `the gateway logged ${line.slice(0, 1500)}`),
      ...this.#busy(),
    ];
  }

  /**
   * Sends a plain lookup and returns a violation if it fails. With an accelerated clock a busy machine can need longer than
   * the deadline, so a lookup that ends by it is repeated.
   */
  async lookupViolations(headers: Readonly<Record<string, string>> = {}): Promise<string[]> {
    const query = '{ record(id: "15000000E1F8B123", product: SMS, direction: OUTBOUND) { vonageId } }';
    let failure: unknown;
    for (let attempt = 0; attempt < lookupAttempts; attempt += 1) {
      const { data, errors } = await this.gateway.ask(query, undefined, headers);
      if (data?.record?.vonageId === '15000000E1F8B123') return [];
      failure = errors;
      if (errors[0]?.extensions.code !== 'UPSTREAM_TIMEOUT') break;
    }
    return [`a plain lookup fails: ${JSON.stringify(failure)}`];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway[Symbol.asyncDispose]();
    this.#monitor[Symbol.dispose]();
  }

  #busy(): string[] {
    return this.gateway.engines.all.flatMap(({ waiting, pending, inFlight, lanes }) =>
      waiting + pending + inFlight + lanes === 0
        ? []
        : [`not idle: ${JSON.stringify({ waiting, pending, inFlight, lanes })}`],
    );
  }

  async #send(
    { method, headers, fields }: GraphqlRequest,
    signal?: AbortSignal,
  ): Promise<HttpResponse | undefined> {
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

  #dataViolations({ fields, method }: GraphqlRequest, data: unknown): string[] {
    const { query, operationName, variables } = fields;
    if (typeof query !== 'string') return ['data without a document'];
    const document = parse(query);
    const [invalid] = validate(this.schema, document);
    if (invalid) return [`data for a document that is not valid: ${invalid.message}`];
    // Every value in a query string is text.
    const name = method === 'GET' && operationName !== undefined ? String(operationName) : operationName;
    return checkData(
      {
        schema: this.schema,
        document,
        operationName: (name ?? undefined) as string | undefined,
        variables: (variables ?? {}) as Record<string, unknown>,
      },
      data,
    );
  }

  #nullViolations({ headers }: GraphqlRequest, data: unknown, errors: CheckedResponse['errors']): string[] {
    const isDryRun = headers['x-dry-run'] === '1';
    return data === null && errors.length === 0 && !isDryRun ? ['data is null without an error'] : [];
  }
}

function searchOf(fields: GraphqlRequest['fields']): URLSearchParams {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return new URLSearchParams(
    entries.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}
