import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { authorizationOf, tokensFor } from '../support/tokens.js';

/** Longest time that starting five servers may take on a busy machine, in milliseconds. */
const timeoutMs = 60_000;

const scopes = ['records:read', 'records:range', 'records:numbers'] as const;
const tokens = JSON.stringify({ tokens: tokensFor({ agent: { scopes } }).auth.tokens });

test.each([
  ['without authentication', {}],
  ['with AUTH_MODE=token', { AUTH_MODE: 'token', AUTHORIZATION: authorizationOf('agent').authorization }],
])(
  'npm run example:federation goes from an order to its SMS and on to its ticket, lists a day, then serves until it is stopped: %s',
  async (_how, environment) => {
    const folder = await mkdtemp(join(tmpdir(), 'federation-'));
    const file = join(folder, 'tokens.json');
    await writeFile(file, tokens);
    const withFile = 'AUTH_MODE' in environment ? { ...environment, AUTH_TOKENS_FILE: file } : {};
    const ports = { RECORDS_PORT: '0', ORDERS_PORT: '0', CRM_PORT: '0', ROUTER_PORT: '0' };
    const example = spawn(process.execPath, ['--import', 'tsx', 'examples/federation/start.ts'], {
      env: { PATH: process.env.PATH ?? '', ...ports, ...withFile },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(example, 'exit');
    try {
      const printed = await textUntil(example.stdout, 'Ask the router at ');
      const [order, list] = [...printed.matchAll(/^\{\n {2}"data"[\s\S]*?^\}$/gm)].map(([json]) =>
        JSON.parse(json),
      );
      expect(order.data.order).toEqual({
        total: '42.00 EUR',
        confirmation: {
          status: 'DELIVERED',
          to: '447700123456',
          totalPrice: '0.03330000',
          ticket: { subject: 'The recipient reports that the SMS did not arrive.' },
        },
      });
      expect(list.data.recordsByDate.nodes).toEqual([
        {
          vonageId: '15000000E1F8B123',
          occurredAt: '2020-06-01T15:08:10.000Z',
          ticket: { subject: 'The recipient reports that the SMS did not arrive.' },
        },
      ]);
      expect(printed.match(/^Calls to Vonage: .*$/gm)).toEqual(['Calls to Vonage: 1', 'Calls to Vonage: 1']);
      const [, url = ''] = /Ask the router at (\S+)/.exec(printed) ?? [];
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"query":"{ __typename }"}',
      });
      expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
      // The router forwards what the client sends, and no more.
      if ('AUTH_MODE' in environment) {
        const refused = await (
          await fetch(url, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: '{"query":"{ order(id: \\"1\\") { total confirmation { status } } }"}',
          })
        ).json();
        expect(refused.data).toEqual({ order: { total: '42.00 EUR', confirmation: { status: null } } });
        expect(JSON.stringify(refused.errors)).toContain('No Authorization header arrived');
      }
      example.kill('SIGTERM');
      expect(await exited).toEqual([0, null]);
    } finally {
      example.kill('SIGKILL');
      await rm(folder, { recursive: true });
    }
  },
  timeoutMs,
);

async function textUntil(stream: NodeJS.ReadableStream, mark: string): Promise<string> {
  let text = '';
  for await (const line of createInterface({ input: stream })) {
    text += `${line}\n`;
    if (line.startsWith(mark)) return text;
  }
  throw new Error(`The example ended early:\n${text}`);
}
