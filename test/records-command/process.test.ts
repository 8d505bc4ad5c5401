import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import { simulatorCredentials } from '../../src/simulator/simulator.js';
import { addSms } from '../support/add-sms.js';
import { findService } from '../support/services.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { tokenOf, tokensFor } from '../support/tokens.js';
import { until } from '../support/until.js';

/** The built command, as a package has it; the test run builds it first. */
const program = resolve('dist/records-command/main.js');
const folder = mkdtempSync(join(tmpdir(), 'records-process-'));
const range = (length: number) => Array.from({ length }, (_, index) => `id-${index}`);
const sms = ['--product', 'SMS', '--direction', 'outbound'];
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway({
    config: tokensFor({ support: { scopes: ['records:read', 'records:numbers', 'records:range'] } }),
  });
  addSms(gateway.simulator, range(1000), () => ({
    to: '447700900000',
    date_received: '2026-11-01T08:00:00Z',
  }));
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  gateway.simulator.log.clear();
  gateway.simulator.faults.clear();
});

/** Starts the command in the folder of the test. */
function start(words: readonly string[], environment: Record<string, string> = {}, input = '') {
  const child = spawn(process.execPath, [program, ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', NODE_ENV: 'test', ...environment },
  });
  child.stdin.end(input);
  const output = { stdout: text(child.stdout).catch(() => ''), stderr: text(child.stderr) };
  const ended = once(child, 'exit').then(async ([status]) => ({
    status: status as number | null,
    stdout: await output.stdout,
    stderr: await output.stderr,
  }));
  return {
    ended,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    closeOutput: () => child.stdout.destroy(),
  };
}

/** Asks the test's gateway. The token comes from the environment. */
function ask(words: readonly string[], input?: string) {
  return start([...words, '--url', gateway.url], { RECORDS_TOKEN: tokenOf('support') }, input);
}

/** Lets the simulator answer some calls at once, and the others when they are released. */
function holdCallsAfter(answered: number) {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const calls = { arrived: 0, release: () => release() };
  gateway.simulator.faults.gate = () => {
    calls.arrived += 1;
    return calls.arrived > answered ? released : Promise.resolve();
  };
  return calls;
}

/** Starts a gateway of its own, with the key of the simulator. */
function withOwnGateway(words: readonly string[], apiSecret: string = simulatorCredentials.apiSecret) {
  return start(words, {
    VONAGE_API_KEY: simulatorCredentials.apiKey,
    VONAGE_API_SECRET: apiSecret,
    VONAGE_BASE_URL: gateway.simulator.url,
    VONAGE_RATE_PER_SECOND: '1000',
  });
}

const rowsOf = (path: string): Record<string, string>[] =>
  parse(readFileSync(join(folder, path)), { columns: true, record_delimiter: '\r\n' });
const idsOf = (path: string) => rowsOf(path).map(({ requestedId }) => requestedId);

test('fills a CSV file from the column of a CSV as spreadsheets write it', async () => {
  const lines = [
    '\ufeffname;message_id',
    '"Ann; \r\nsecond line";id-7',
    'Bob;id-3',
    '"";',
    '"Eve ""E""";"id-7"',
  ];
  writeFileSync(join(folder, 'ids.csv'), lines.map((line) => `${line}\r\n`).join(''));
  const words = ['--in', 'ids.csv', '--column', 'message_id', ...sms, '--out', 'found.csv'];
  const { status, stdout, stderr } = await ask(words).ended;
  expect([status, stdout]).toEqual([0, '']);
  expect(stderr).toMatch(/^3 ids: 3 found/);
  expect(idsOf('found.csv')).toEqual(['id-7', 'id-3', 'id-7']);
  expect(existsSync(join(folder, 'found.csv.part'))).toBe(false);
});

test('reads ids of standard input and writes the wanted fields', async () => {
  const words = ['--in', '-', '--fields', 'vonageId,vonageStatus,totalPrice,to', ...sms];
  const { status, stdout } = await ask(words, 'id-1\nabsent\n').ended;
  expect(status).toBe(1);
  expect(stdout).toBe(
    '{"requestedId":"id-1","vonageId":"id-1","vonageStatus":"delivered","totalPrice":null,"to":"447700900000"}\n',
  );
});

test('ends without a trace when the reader of its pipe has enough', async () => {
  writeFileSync(join(folder, 'many.txt'), range(1000).join('\n'));
  const run = ask(['--in', 'many.txt', '--fields', 'raw', ...sms]);
  run.closeOutput();
  const { status, stderr } = await run.ended;
  expect([status, stderr]).toEqual([
    130,
    expect.stringMatching(/^[\d,]+ ids: .*\nThe run stopped before its end\.\n$/),
  ]);
});

test('tells wrong usage apart in its exit status, also where the gateway sees it', async () => {
  const { status, stderr } = await ask(['--since', '2026-11-01', '--product', 'SMS']).ended;
  expect([status, stderr]).toEqual([
    64,
    expect.stringMatching(/^vonage-records: direction must be given: .*\n$/),
  ]);
});

test('lists a day into a file', async () => {
  const words = ['--since', '2026-11-01', '--until', '2026-11-02', ...sms, '--out', 'day.csv'];
  const { status, stderr } = await ask(words).ended;
  expect([status, stderr]).toEqual([0, '1,000 records listed; 1,000 records billed.\n']);
  expect(idsOf('day.csv').toSorted()).toEqual(range(1000).toSorted());
});

test('ends with one sentence when the secret of the key is wrong', async () => {
  const { status, stdout, stderr } = await withOwnGateway(['id-1', ...sms], 'wrong').ended;
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^vonage-records: [^\n.]*(key|secret|credentials)[^\n.]*\.\n$/);
});

test('goes on after kill -9 with each id once, and at most 200 ids are billed again', async () => {
  const words = ['--in', 'many.txt', '--fields', 'vonageStatus', ...sms];
  writeFileSync(join(folder, 'many.txt'), range(1000).join('\n'));
  const calls = holdCallsAfter(30);
  const killed = ask([...words, '--out', 'many.csv']);
  await until(() => calls.arrived > 37);
  killed.kill('SIGKILL');
  expect((await killed.ended).status).toBe(null);
  calls.release();
  const { status, stderr } = await ask([...words, '--resume', 'many.csv.part']).ended;
  expect([status, stderr]).toEqual([
    0,
    expect.stringMatching(/An interrupted run had answered \d+ other ids/),
  ]);
  expect(idsOf('many.csv')).toEqual(range(1000));
  expect(gateway.simulator.log.billedRows).toBeGreaterThan(1000);
  expect(gateway.simulator.log.billedRows).toBeLessThanOrEqual(1200);
});

const script = findService('script');
const describeAtTerminal = script ? describe : describe.skip;
describeAtTerminal('at a terminal', () => {
  const docs = readFileSync('docs/command-line.md', 'utf8');

  test('the first example prints the table of docs/command-line.md, and says that the simulator answers', async () => {
    const terminal = startAtTerminal('15000000E1F8B123 7b109636-1a05-11eb-bad9-38f9d3316493');
    const screen = screenOf(await terminal.ended);
    expect(screen).toMatch(/^No Vonage credentials are set, so the embedded simulator answers/);
    expect(docs).toContain(`\n\`\`\`\n${screen.split('\n').slice(1).join('\n')}\`\`\`\n`);
  });

  test('Ctrl-C finishes what is on its way and says how to go on, and until then a line shows the progress', async () => {
    const calls = holdCallsAfter(12);
    writeFileSync(join(folder, 'many.txt'), range(1000).join('\n'));
    const words = `--in many.txt --out stopped.csv ${sms.join(' ')} --url ${gateway.url}`;
    const terminal = startAtTerminal(words, { RECORDS_TOKEN: tokenOf('support') });
    const progress = /\r(\d+ of 1,000 ids · \d+ a second · \d+ s left · \P{Cc}+)/u;
    await until(() => calls.arrived === 20 && progress.test(terminal.output()));
    terminal.type('\u0003');
    await until(() => terminal.output().includes('^C'));
    calls.release();
    const screen = screenOf(await terminal.ended);
    expect(screen).toMatch(
      /\nThe run stopped before its end. Go on with the same command and --resume stopped.csv.part.\n$/,
    );
    expect(await terminal.status).toBe(130);
    const [header, ...lines] = readFileSync(join(folder, 'stopped.csv.part'), 'utf8').split('\r\n');
    expect(header).toMatch(/^requestedId,/);
    expect(lines.length - 1).toBe(calls.arrived * 20);
    // The page shows a line of this form, with other numbers.
    const form = (line: string) => line.replace(/[\d,]+/g, 'N');
    expect(docs.split('\n').map(form)).toContain(form(progress.exec(terminal.output())?.[1] ?? ''));
  });
});

/** Starts the command at a terminal, which `script` makes. */
function startAtTerminal(words: string, environment: Record<string, string> = {}) {
  const child = spawn(
    script as string,
    ['-qec', `'${process.execPath}' '${program}' ${words}`, '/dev/null'],
    {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', NODE_ENV: 'test', ...environment },
    },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  return {
    output: () => output,
    type: (keys: string) => child.stdin.write(keys),
    status: exited.then(([status]) => status),
    ended: once(child, 'close').then(() => output),
  };
}

/** What stands on the screen in the end. */
function screenOf(output: string): string {
  let line = '';
  let cursor = 0;
  let screen = '';
  for (const [token] of output.matchAll(/\r|\n|\p{Cc}\[K|[^\p{Cc}]+|\p{Cc}/gu)) {
    if (token === '\r') cursor = 0;
    else if (token.endsWith('[K')) line = line.slice(0, cursor);
    else if (token === '\n') {
      screen += `${line}\n`;
      line = '';
    } else {
      line = line.slice(0, cursor) + token + line.slice(cursor + token.length);
      cursor += token.length;
    }
  }
  return screen;
}
