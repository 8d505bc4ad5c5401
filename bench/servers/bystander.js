/**
 * Asks a gateway what others ask of it while it is besieged, from a process that the siege does not keep busy: whether it
 * lives and is ready, each time over a new connection as an orchestrator does, and one tenant's records over a connection
 * of its own. Its own address tells what came back since the last question. Argument: JSON with `url` of the gateway,
 * `everyMs`, and `lookUps`, the bodies that are posted one after another with `headers`.
 */
import { Agent, createServer, request } from 'node:http';

const { url, everyMs, lookUps, headers } = JSON.parse(process.argv[2]);
const giveUpMs = 10_000;
const agent = new Agent({ keepAlive: true });
let seen = emptyBook();
let turn = 0;

function emptyBook() {
  return { livez: emptyTally(), readyz: emptyTally(), lookUps: emptyTally() };
}

/** What is still to come is waited for: it was asked in this time. */
async function closed(book) {
  await Promise.all(Object.values(book).flatMap(({ pending }) => [...pending]));
  return book;
}

function emptyTally() {
  return { asked: 0, answered: 0, latenciesMs: [], faults: [], pending: new Set() };
}

function ask(path, options, body) {
  return new Promise((resolve, reject) => {
    const asking = request(`${url}${path}`, { timeout: giveUpMs, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode, text })).on('error', reject);
    });
    asking.on('error', reject).on('timeout', () => asking.destroy(new Error('No answer came')));
    asking.end(body);
  });
}

function note(tally, asking, isGood) {
  tally.asked += 1;
  const noting = settle(tally, asking, isGood).finally(() => tally.pending.delete(noting));
  tally.pending.add(noting);
  return noting;
}

async function settle(tally, asking, isGood) {
  const askedAtMs = performance.now();
  try {
    const answer = await asking;
    if (!isGood(answer)) throw new Error(`${answer.status} ${answer.text.slice(0, 200)}`);
    tally.answered += 1;
    tally.latenciesMs.push(performance.now() - askedAtMs);
  } catch (error) {
    tally.faults.push(String(error));
  }
}

function probe() {
  const isGood = ({ status }) => status === 200;
  void note(seen.livez, ask('/livez', { agent: false }), isGood);
  void note(seen.readyz, ask('/readyz', { agent: false }), isGood);
}

/** One after another: the next look-up is asked when the last was answered. */
async function lookUp() {
  const body = lookUps[turn++ % lookUps.length];
  const options = { method: 'POST', agent, headers: { 'content-type': 'application/json', ...headers } };
  const isGood = ({ status, text }) => status === 200 && text.includes('"vonageId"') && !text.includes('"errors"');
  await note(seen.lookUps, ask('/graphql', options, body), isGood);
  setTimeout(lookUp, everyMs);
}

setInterval(probe, everyMs);
void lookUp();

const server = createServer(async (_request, response) => {
  const book = seen;
  seen = emptyBook();
  response.setHeader('content-type', 'application/json').end(JSON.stringify(await closed(book)));
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`);
});
