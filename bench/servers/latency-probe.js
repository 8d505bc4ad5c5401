/**
 * Probes a gateway under load from a separate process. It requests `/livez` and `/readyz` over new connections, as an
 * orchestrator does, and one tenant's records over a keep-alive connection. A request to its own address returns the
 * results since the previous one. Argument: JSON with the `url` of the gateway, `everyMs`, `headers` and `lookups`, the
 * bodies that it posts one after another.
 */
import { Agent, createServer, request } from 'node:http';

const { url, everyMs, lookups, headers } = JSON.parse(process.argv[2]);
const giveUpMs = 10_000;
const agent = new Agent({ keepAlive: true });
let current = emptyReport();
let lookupCount = 0;

function emptyReport() {
  return { livez: emptyTally(), readyz: emptyTally(), lookups: emptyTally() };
}

/** Waits for the requests that started in the reported time. */
async function settled(report) {
  await Promise.all(Object.values(report).flatMap(({ pending }) => [...pending]));
  return report;
}

function emptyTally() {
  return { requested: 0, responded: 0, latenciesMs: [], errors: [], pending: new Set() };
}

function send(path, options, body) {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}${path}`, { timeout: giveUpMs, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode, text })).on('error', reject);
    });
    outgoing.on('error', reject).on('timeout', () => outgoing.destroy(new Error('The gateway did not respond')));
    outgoing.end(body);
  });
}

function record(tally, sending, isGood) {
  tally.requested += 1;
  const recording = settle(tally, sending, isGood).finally(() => tally.pending.delete(recording));
  tally.pending.add(recording);
  return recording;
}

async function settle(tally, sending, isGood) {
  const startedAtMs = performance.now();
  try {
    const response = await sending;
    if (!isGood(response)) throw new Error(`${response.status} ${response.text.slice(0, 200)}`);
    tally.responded += 1;
    tally.latenciesMs.push(performance.now() - startedAtMs);
  } catch (error) {
    tally.errors.push(String(error));
  }
}

function probe() {
  const isGood = ({ status }) => status === 200;
  void record(current.livez, send('/livez', { agent: false }), isGood);
  void record(current.readyz, send('/readyz', { agent: false }), isGood);
}

/** Sends lookups one after another: each waits for the response to the previous one. */
async function lookup() {
  const body = lookups[lookupCount++ % lookups.length];
  const options = { method: 'POST', agent, headers: { 'content-type': 'application/json', ...headers } };
  const isGood = ({ status, text }) => status === 200 && text.includes('"vonageId"') && !text.includes('"errors"');
  await record(current.lookups, send('/graphql', options, body), isGood);
  setTimeout(lookup, everyMs);
}

setInterval(probe, everyMs);
void lookup();

const server = createServer(async (_request, response) => {
  const report = current;
  current = emptyReport();
  response.setHeader('content-type', 'application/json').end(JSON.stringify(await settled(report)));
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`);
});
