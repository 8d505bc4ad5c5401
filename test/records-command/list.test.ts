import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sendPage, smsRows, startPages } from '../support/pages-upstream.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { tokenOf, tokensFor } from '../support/tokens.js';
import { runCommand } from './run-command.js';

const folder = mkdtempSync(join(tmpdir(), 'records-command-list-'));
const day = ['--since', '2026-01-01', '--until', '2026-01-02', '--product', 'SMS', '--direction', 'outbound'];
const rows = smsRows(2500);
const allIds = rows.map(({ message_id: id }) => String(id));
let upstream: Awaited<ReturnType<typeof startPages>>;
let gateway: TestGateway;
let target: readonly string[];

beforeEach(async () => {
  upstream = await startPages(rows);
  gateway = await startTestGateway({
    config: {
      vonage: { baseUrl: upstream.url },
      ...tokensFor({ finance: { scopes: ['records:read', 'records:range', 'explain'] } }),
    },
  });
  const file = join(folder, 'token');
  writeFileSync(file, tokenOf('finance'));
  target = ['--url', gateway.url, '--token-file', file];
});
afterEach(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});
afterAll(() => rmSync(folder, { recursive: true }));

function idsOf(csv: string): string[] {
  return csv
    .split('\r\n')
    .slice(1, -1)
    .map((line) => line.split(',')[0] ?? '');
}

test('writes a day of 2,500 records with 3 calls', async () => {
  const out = join(folder, 'day.csv');
  const { status, stderr } = await runCommand([...day, '--fields', 'vonageStatus', '--out', out, ...target]);
  expect([status, stderr]).toEqual([0, '2,500 records listed; 2,500 records billed.\n']);
  expect(idsOf(readFileSync(out, 'utf8')).toSorted()).toEqual(allIds.toSorted());
  expect(upstream.requests).toHaveLength(3);
  expect([existsSync(`${out}.part`), existsSync(`${out}.part.cursor`)]).toEqual([false, false]);
});

test('goes on behind the last whole page after its process was killed, each record once', async () => {
  const out = join(folder, 'resumed.csv');
  const words = [...day, '--fields', 'vonageStatus', ...target];
  const limited = await runCommand([...words, '--out', out, '--max-records', '1500']);
  expect(limited.status).toBe(3);
  expect(limited.stderr).toContain(`--resume ${out}.part`);
  // What a killed process had begun to write of the next page.
  writeFileSync(`${out}.part`, 'half a line', { flag: 'a' });
  const { status } = await runCommand([...words, '--resume', `${out}.part`]);
  expect(status).toBe(0);
  expect(idsOf(readFileSync(out, 'utf8')).toSorted()).toEqual(allIds.toSorted());
  expect(upstream.requests).toHaveLength(3);
});

test('buys no page that could cost more than --max-records allows', async () => {
  const { status, stdout } = await runCommand([...day, '--max-records', '999', ...target]);
  expect([status, stdout]).toEqual([3, '']);
  expect(upstream.requests).toEqual([]);
});

test('tells what a list may cost, and buys nothing', async () => {
  const { status, stdout } = await runCommand([...day, '--dry-run', ...target]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/first page +at most 1,000\n/);
  expect(upstream.requests).toEqual([]);
});

test('ends with an error of the gateway for a caller who may not list', async () => {
  await expect(runCommand([...day, '--url', gateway.url])).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('does not resume a list whose place is unknown', async () => {
  const part = join(folder, 'unknown.csv.part');
  writeFileSync(part, 'requestedId\r\n');
  await expect(runCommand([...day, '--resume', part, ...target])).rejects.toThrow(
    /--resume needs .*\.cursor/,
  );
});

test('keeps the records that came before a page was cut, says so, and goes on behind it', async () => {
  await using cutting = await startPages(rows, (response, answer, call) => {
    if (call !== 2) return sendPage(response, answer);
    const body = JSON.stringify({ items_count: 1000, ...answer.next, records: answer.rows });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.write(body.slice(0, body.length / 2), () => response.destroy());
  });
  await using behind = await startTestGateway({ config: { vonage: { baseUrl: cutting.url } } });
  const out = join(folder, 'cut.csv');
  const words = [...day, '--fields', 'vonageStatus', '--url', behind.url];
  const { status, stderr } = await runCommand([...words, '--out', out]);
  expect(status).toBe(2);
  expect(stderr).toMatch(/^1,9\d\d records listed; .*\nFailed: .*\n$/);
  const listed = idsOf(readFileSync(out, 'utf8'));
  expect(allIds.filter((id) => !listed.includes(id)).every((id) => allIds.indexOf(id) >= 1400)).toBe(true);
  expect(new Set(listed).size).toBe(listed.length);
});
