import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { json } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { ask, startTestGateway } from '../support/start-gateway.js';
import { startProcess } from '../support/start-process.js';
import { until } from '../support/until.js';
import { reply, startUpstream } from '../vonage/upstream.js';

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
  readonly status: { readonly code: number };
}

interface OtlpBody {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

/** A server that receives spans by OTLP over HTTP. */
async function startCollector() {
  const bodies: OtlpBody[] = [];
  const server = createServer(async (request, response) => {
    bodies.push((await json(request)) as OtlpBody);
    response.setHeader('content-type', 'application/json').end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const spans = () =>
    bodies.flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
    );
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    spans,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const sms = (id: string) =>
  `query Private { record(id: "${id}", product: SMS, direction: OUTBOUND) { vonageId } }`;
const client = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const traceparent = `00-${client.traceId}-${client.spanId}-01`;

/** A Vonage that has every id as an SMS to a number. */
const startVonage = () =>
  startUpstream((response, request) => {
    const ids = new URL(request.url ?? '', 'http://upstream').searchParams.get('id')?.split(',') ?? [];
    const records = ids.map((message_id) => ({ message_id, to: '447700900123', status: 'delivered' }));
    reply(200, { records })(response, request);
  });

describe('with the example of an SDK', () => {
  test('OTLP carries a span for each operation, and one for each call with links to all operations that it served', async () => {
    await using collector = await startCollector();
    await using vonage = await startVonage();
    await using gateway = await startProcess({
      NODE_OPTIONS: `--import=${pathToFileURL(resolve('examples/tracing/tracing.js')).href}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      VONAGE_API_KEY: 'abcd1234',
      VONAGE_API_SECRET: 'planted-secret',
      VONAGE_BASE_URL: vonage.url,
      VONAGE_RATE_PER_SECOND: '1',
    });
    // The check of the credentials took a call. With the call of this operation the rate is used up for a second.
    await ask(gateway.url, sms('planted-id-0'));
    await Promise.all([
      ask(gateway.url, sms('planted-id-1'), {}, { traceparent }),
      ask(gateway.url, sms('planted-id-2')),
    ]);
    await until(() => collector.spans().length >= 6);

    const spans = collector.spans();
    const [operations, calls] = [2, 3].map((kind) => spans.filter((span) => span.kind === kind));
    const nameOf = ({ spanId }: { readonly spanId: string }) =>
      spanId === client.spanId
        ? 'client'
        : `operation ${operations?.findIndex((span) => span.spanId === spanId)}`;
    expect(operations?.map(({ name, attributes }) => [name, attributesOf(attributes)])).toEqual(
      Array(3).fill([
        'graphql other',
        {
          'graphql.operation.name': 'other',
          'vonage.outcome': 'ok',
          'vonage.ids': 1,
          'vonage.calls': 1,
          'vonage.records_billed': 1,
        },
      ]),
    );
    const traced = operations?.find(({ traceId }) => traceId === client.traceId);
    expect(traced?.parentSpanId).toBe(client.spanId);
    expect(calls?.map(({ name }) => name)).toEqual(Array(3).fill('GET /v2/reports/records'));
    const shared = calls?.find(({ links = [] }) => links.length === 2);
    expect(attributesOf(shared?.attributes ?? [])).toEqual({
      'http.request.method': 'GET',
      'server.address': new URL(vonage.url).host,
      'url.template': '/v2/reports/records',
      'vonage.product': 'SMS',
      'vonage.outcome': 'ok',
      'vonage.ids': 2,
      'vonage.records_billed': 2,
    });
    expect(new Set(shared?.links?.map(nameOf))).toEqual(
      new Set(operations?.slice(1).map((_, index) => `operation ${index + 1}`)),
    );
    expect(shared?.links?.map(({ spanId }) => spanId)).toContain(shared?.parentSpanId);

    expect(JSON.stringify(collector.bodies)).not.toMatch(/planted|Private|447700900123|\?/);
    for (const { headers } of vonage.requests)
      expect(Object.keys(headers).join()).not.toMatch(/trace|baggage/);
  }, 60_000);

  test('names an exact version of every package, and none of its SDK belongs to the gateway', () => {
    const read = (path: string): Record<string, string> =>
      JSON.parse(readFileSync(path, 'utf8')).dependencies;
    const dependencies = read('examples/tracing/package.json');
    const script = readFileSync('examples/tracing/tracing.js', 'utf8');
    const imported = [...script.matchAll(/from '(.+)'/g)].map(([, name]) => name);
    expect(Object.keys(dependencies)).toEqual(expect.arrayContaining(imported));
    for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    const { '@opentelemetry/api': api, ...sdk } = dependencies;
    expect(api).toBe(read('package.json')['@opentelemetry/api']);
    expect(Object.keys(read('package.json')).filter((name) => name in sdk)).toEqual([]);
  });
});

describe('without an SDK', () => {
  test('the access line names the trace of the client, and Vonage does not learn of it', async () => {
    await using vonage = await startVonage();
    const log: string[] = [];
    await using gateway = await startTestGateway({ log, config: { vonage: { baseUrl: vonage.url } } });
    const headers = { traceparent, tracestate: 'vendor=value', baggage: 'user=alice' };
    await gateway.ask(sms('a'), {}, headers);
    await gateway.ask(sms('b'), {}, { traceparent: 'not-a-trace' });
    const lines = log.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'operation');
    expect(lines.map(({ traceId }) => traceId)).toEqual([client.traceId, undefined]);
    for (const request of vonage.requests)
      expect(Object.keys(request.headers).join()).not.toMatch(/trace|baggage/);
  });
});

function attributesOf(attributes: OtlpSpan['attributes']): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]),
  );
}
