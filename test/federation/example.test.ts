import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Longest time that starting five servers may take on a busy machine, in milliseconds. */
const timeoutMs = 60_000;

test(
  'npm run example:federation goes from an order to its SMS and on to its ticket, then serves until it is stopped',
  async () => {
    const ports = { RECORDS_PORT: '0', ORDERS_PORT: '0', CRM_PORT: '0', ROUTER_PORT: '0' };
    const example = spawn(process.execPath, ['--import', 'tsx', 'examples/federation/start.ts'], {
      env: { PATH: process.env.PATH ?? '', ...ports },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(example, 'exit');
    try {
      const printed = await textUntil(example.stdout, 'Ask the router at ');
      const answer = JSON.parse(/^\{\n {2}"data"[\s\S]*?^\}$/m.exec(printed)?.[0] ?? '{}');
      expect(answer.data.order).toEqual({
        total: '42.00 EUR',
        confirmation: {
          status: 'DELIVERED',
          to: '447700123456',
          totalPrice: '0.03330000',
          ticket: { subject: 'The recipient reports that the SMS did not arrive.' },
        },
      });
      expect(printed).toContain('Calls to Vonage: 1\n');
      const [, url = ''] = /Ask the router at (\S+)/.exec(printed) ?? [];
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"query":"{ __typename }"}',
      });
      expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
      example.kill('SIGTERM');
      expect(await exited).toEqual([0, null]);
    } finally {
      example.kill('SIGKILL');
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
