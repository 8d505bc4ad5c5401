import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

test('graphql-request: the smallest typed client prints what became of an SMS', async () => {
  expect(await run('graphql-request', [`${gateway.url}/graphql`])).toEqual([
    'DELIVERED to 447700123456 on Telefonica UK Limited',
    'for 0.03330000 EUR',
  ]);
});

test('Apollo Client keeps types apart, reads a record again without a request, and a day part after part', async () => {
  const printed = await run('apollo-client', [], { GATEWAY_URL: `${gateway.url}/graphql` });
  expect(printed).toEqual([
    'SmsOutboundRecord 0.03330000 delivered',
    expect.stringMatching(/^VoiceCallRecord 0\.\d+ [A-Z]+$/),
    'no-such-record: NOT_FOUND',
    'VerifyApiRecord 0.05000000 SUCCESS',
    '4 results, requests: 1',
    'By its global id: SmsOutboundRecord, requests: 1',
    'By date: 60 records in 3 parts, requests: 4',
  ]);
  const lists = gateway.simulator.log.calls.filter(({ ids }) => ids.length === 0);
  expect(lists.map(({ rows }) => rows)).toEqual([60]);
});

/** Runs an example as a new user does and returns the lines that it prints. */
async function run(name: string, args: readonly string[], environment: Record<string, string> = {}) {
  const command = ['--import', 'tsx', `examples/${name}.ts`, ...args];
  const env = { PATH: process.env.PATH ?? '', ...environment };
  const { stdout } = await promisify(execFile)(process.execPath, command, { env, timeout: 20_000 });
  return stdout.trimEnd().split('\n');
}
