import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { RefusedOperation } from '../../src/records-client/operations.js';
import { UsageError } from '../../src/records-command/options.js';
import { addSms } from '../support/add-sms.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { tokenOf, tokensFor } from '../support/tokens.js';
import { runCommand } from './run-command.js';

const folder = mkdtempSync(join(tmpdir(), 'command-line-'));
const range = (length: number) => Array.from({ length }, (_, index) => `id-${index}`);
const sms = ['--product', 'SMS', '--direction', 'outbound'];
const fields = ['--fields', 'vonageStatus,to'];
let gateway: TestGateway;
let asOperator: readonly string[];

beforeAll(async () => {
  gateway = await startTestGateway({
    config: tokensFor({
      operator: { scopes: ['records:read', 'records:numbers', 'explain'] },
      masked: { scopes: ['records:read'] },
      poor: { recordsPerDay: 300, scopes: ['records:read', 'explain'] },
    }),
  });
  addSms(gateway.simulator, range(1000), (index) => ({ to: `44770${index}` }));
  asOperator = callAs('operator');
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  gateway.simulator.log.clear();
  gateway.simulator.faults.clear();
});

function callAs(name: string): string[] {
  const file = join(folder, `${name}-token`);
  writeFileSync(file, `${tokenOf(name)}\n`);
  return ['--url', gateway.url, '--token-file', file];
}

function inputOf(ids: readonly string[]): Readable {
  return Readable.from(ids.map((id) => `${id}\n`));
}

const idsIn = (jsonLines: string) =>
  jsonLines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { requestedId: string }).requestedId);

test('writes the rows in the order of the input, from full calls', async () => {
  const ids = range(900);
  const { status, stdout, stderr } = await runCommand(['--in', '-', ...sms, ...fields, ...asOperator], {
    stdin: inputOf(ids),
  });
  expect(status).toBe(0);
  expect(idsIn(stdout)).toEqual(ids);
  expect(stdout.split('\n')[7]).toBe('{"requestedId":"id-7","vonageStatus":"delivered","to":"447707"}');
  expect(gateway.simulator.log.calls).toHaveLength(45);
  expect(stderr).toBe('900 ids: 900 found with 900 records, 0 not found, 0 failed; 900 records billed.\n');
});

test('reads no more ids than it can look up soon', async () => {
  let read = 0;
  const stdin = Readable.from(
    (function* () {
      for (; read < 100_000; read += 1) yield `absent-${read}\n`;
    })(),
  );
  const interruption = new AbortController();
  gateway.simulator.faults.gate = async () => {
    interruption.abort();
  };
  const { status } = await runCommand(['--in', '-', ...sms, ...fields, ...asOperator], {
    stdin,
    interrupted: interruption.signal,
  });
  gateway.simulator.faults.gate = async () => undefined;
  expect(status).toBe(130);
  expect(read).toBeLessThan(5000);
});

test('tells missing ids apart in its exit status, and writes them to a file', async () => {
  const notFound = join(folder, 'not-found.txt');
  const words = ['id-1', 'absent-1', 'id-2', 'absent-2', '--not-found', notFound];
  const { status, stdout } = await runCommand([...words, ...sms, ...fields, ...asOperator]);
  expect(status).toBe(1);
  expect(idsIn(stdout)).toEqual(['id-1', 'id-2']);
  expect(readFileSync(notFound, 'utf8')).toBe('absent-1\nabsent-2\n');
});

test('keeps the good ids of a run in which one is malformed', async () => {
  const { status, stdout, stderr } = await runCommand(['id-1', 'a b', ...sms, ...fields, ...asOperator]);
  expect(status).toBe(2);
  expect(idsIn(stdout)).toEqual(['id-1']);
  expect(stderr).toMatch(/^2 ids: 1 found .* 1 failed/);
  expect(stderr).toMatch(/Failed: .*"a b".*\(1 id, the first is a b\)/);
});

test('repeats ids whose failure passes', async () => {
  gateway.simulator.faults.plan({ kind: 'status', status: 400 }, 2);
  const { status, stdout } = await runCommand(['id-901', ...sms, ...fields, ...asOperator]);
  expect([status, idsIn(stdout)]).toEqual([2, []]);
  gateway.simulator.faults.clear();
  gateway.simulator.faults.plan({ kind: 'body', body: 'cut' }, 1);
  const repeated = await runCommand(['id-902', ...sms, ...fields, ...asOperator]);
  expect([repeated.status, idsIn(repeated.stdout)]).toEqual([0, ['id-902']]);
});

test('stops before more records are billed than --max-records allows', async () => {
  const words = ['--in', '-', '--max-records', '250', ...sms, ...fields, ...asOperator];
  const { status, stdout, stderr } = await runCommand(words, { stdin: inputOf(range(1000)) });
  expect(status).toBe(3);
  expect(idsIn(stdout)).toEqual(range(250));
  expect(gateway.simulator.log.billedRows).toBe(250);
  expect(stderr).toMatch(/the limit of --max-records is reached/);
});

test("stops when the caller's daily quota is used up", async () => {
  const words = ['--in', '-', ...sms, ...fields, ...callAs('poor')];
  const { status, stderr } = await runCommand(words, { stdin: inputOf(range(1000)) });
  expect(status).toBe(3);
  expect(gateway.simulator.log.billedRows).toBeLessThanOrEqual(300);
  expect(stderr).toMatch(/The run stopped before its end/);
});

test('tells what a run would cost, and asks Vonage nothing', async () => {
  const words = ['--in', '-', '--dry-run', ...sms, ...asOperator];
  const { status, stdout } = await runCommand(words, { stdin: inputOf(range(450)) });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^ids +450\ncalls +23 at first, 23 at most\n/);
  expect(gateway.simulator.log.calls).toEqual([]);
});

test('shows masked numbers to a caller without the scope', async () => {
  const { stdout } = await runCommand(['id-1', ...sms, ...fields, ...callAs('masked')]);
  expect(stdout).not.toContain('447701');
});

test('keeps the values of a field apart that has a type of its own in each record type', async () => {
  const words = ['15000000E1F8B123', '7b109636-1a05-11eb-bad9-38f9d3316493', '--fields', 'status,product'];
  const { stdout } = await runCommand([...words, ...asOperator]);
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { requestedId: '15000000E1F8B123', status: 'DELIVERED', product: 'SMS' },
    { requestedId: '7b109636-1a05-11eb-bad9-38f9d3316493', status: 'SUCCESS', product: 'VERIFY_API' },
  ]);
});

test.each([
  [
    'a name that no record has',
    'vonageStat',
    /no record has the field "vonageStat". Did you mean .*vonageStatus/,
  ],
  ['an edge', 'events', /events is a record of its own and fits no column/],
])('refuses %s as a field before anything is sent', async (_name, field, message) => {
  await expect(runCommand(['id-1', '--fields', field, ...asOperator])).rejects.toThrow(message);
  expect(gateway.simulator.log.calls).toEqual([]);
});

describe('a file', () => {
  const out = join(folder, 'found.csv');
  const words = (...more: string[]) => ['--in', '-', ...more, ...sms, ...fields, ...asOperator];

  test('has its name only when it is complete', async () => {
    const stdin = new PassThrough();
    const running = runCommand(words('--out', out), { stdin });
    stdin.write(range(850).join('\n'));
    while (!existsSync(`${out}.part`)) await new Promise(setImmediate);
    expect(existsSync(out)).toBe(false);
    stdin.end();
    expect((await running).status).toBe(0);
    const lines = readFileSync(out, 'utf8').split('\r\n');
    expect(lines.slice(0, 2)).toEqual(['requestedId,vonageStatus,to', 'id-0,delivered,447700']);
    expect([lines.length, existsSync(`${out}.part`)]).toEqual([852, false]);
  });

  test('can be resumed after its process was killed, each id once', async () => {
    const whole = readFileSync(out, 'utf8');
    for (const cutAt of [whole.length - 3, Math.floor(whole.length / 2), 40, 10, 0]) {
      writeFileSync(`${out}.part`, whole.slice(0, cutAt));
      gateway.simulator.log.clear();
      const { status } = await runCommand(words('--resume', `${out}.part`), { stdin: inputOf(range(850)) });
      expect(status).toBe(0);
      expect(readFileSync(out, 'utf8')).toBe(whole);
      const rowsLost = 850 - (whole.slice(0, cutAt).match(/\r\n/g)?.length ?? 0);
      expect(gateway.simulator.log.billedRows).toBeLessThanOrEqual(rowsLost + 2);
    }
  });

  test('of JSON Lines can be resumed, and does not ask again for ids known as missing', async () => {
    const path = join(folder, 'found.jsonl');
    const notFound = join(folder, 'missing.txt');
    writeFileSync(`${path}.part`, '{"requestedId":"id-0"}\n{"requestedId":"id-1"}\n{"reques');
    writeFileSync(`${notFound}.part`, 'absent-0\nabs');
    const { stderr } = await runCommand(words('--resume', `${path}.part`, '--not-found', notFound), {
      stdin: inputOf(['id-0', 'absent-0', 'id-1', 'id-2', 'absent-1']),
    });
    expect(idsIn(readFileSync(path, 'utf8'))).toEqual(['id-0', 'id-1', 'id-2']);
    expect(readFileSync(notFound, 'utf8')).toBe('absent-0\nabsent-1\n');
    expect(stderr).toMatch(/^3 ids: 2 found .*\nAn interrupted run had answered 2 other ids\./);
  });

  test('of an interrupted run is not overwritten', async () => {
    writeFileSync(`${out}.part`, 'x');
    await expect(runCommand(words('--out', out))).rejects.toThrow(
      /is left from an interrupted run: go on with --resume/,
    );
    rmSync(`${out}.part`);
  });

  test('with other columns is not resumed', async () => {
    writeFileSync(`${out}.part`, 'requestedId,to\r\nid-1,2\r\n');
    await expect(runCommand(words('--resume', `${out}.part`))).rejects.toThrow(UsageError);
    rmSync(`${out}.part`);
  });
});

test('an interrupted run finishes what is on its way, and says how to go on', async () => {
  const interruption = new AbortController();
  const out = join(folder, 'interrupted.jsonl');
  const stdin = new PassThrough();
  stdin.write(`${range(300).join('\n')}\n`);
  gateway.simulator.faults.gate = async () => interruption.abort();
  const { status, stderr } = await runCommand(['--in', '-', '--out', out, ...sms, ...fields, ...asOperator], {
    stdin,
    interrupted: interruption.signal,
  });
  gateway.simulator.faults.gate = async () => undefined;
  expect(status).toBe(130);
  expect(stderr).toContain(`--resume ${out}.part`);
  expect(idsIn(readFileSync(`${out}.part`, 'utf8')).length).toBeGreaterThanOrEqual(40);
});

test('refuses a product that the schema does not have before anything is sent', async () => {
  await expect(runCommand(['id-1', '--product', 'FAX', ...asOperator])).rejects.toThrow(
    /^--product must be one of .*, SMS, .*, got "FAX"\.$/,
  );
});

test.each([
  ['a wrong token', () => ['--url', gateway.url], 'UNAUTHENTICATED'],
  ['a gateway that is not there', () => ['--url', 'http://127.0.0.1:1'], 'UNREACHABLE'],
  ['a server that is no gateway', () => ['--url', `${gateway.simulator.url}/nothing`], 'UNREACHABLE'],
])('ends with one sentence for %s', async (_name, target, code) => {
  const failing = runCommand(['id-1', ...sms, ...target()]);
  await expect(failing).rejects.toThrow(RefusedOperation);
  await expect(failing).rejects.toMatchObject({ code });
});

test('sends no token where others could read it', async () => {
  const words = ['id-1', '--url', 'http://gateway.example', '--token-file', join(folder, 'operator-token')];
  await expect(runCommand(words)).rejects.toThrow(/must be https, since the token would travel unencrypted/);
});

test('shows progress on a terminal, and a table', async () => {
  const { stdout, stderr } = await runCommand(['id-1', ...sms, ...fields, ...asOperator], {
    isTerminal: true,
  });
  expect(stdout).toBe('requestedId  vonageStatus  to\nid-1         delivered     447701\n');
  expect(stderr).toContain('\r\u001b[K1 id: 1 found with 1 record,');
});
