/**
 * Answers lists by date without end, and lookups by ids, as Vonage does, from rows that are made up once: a simulator that
 * filters a million rows for each page would take the CPU that the gateway is measured with. Every page has ids of its
 * own. Arguments: the rate in calls a second, and the duration of a response in milliseconds.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { constants, setPriority } from 'node:os';
import { buildServedSchema } from '../../src/bootstrap/build-schema.js';
import { Direction, Product } from '../../src/catalogue/product.js';
import { monotonicClock } from '../../src/clock.js';
import { nextTurn } from '../../src/event-loop.js';
import { Dataset } from '../../src/simulator/dataset.js';
import { RateWindow } from '../../src/simulator/rate-window.js';
import { recordsPath } from '../../src/vonage/wire.js';
import type { PageCosts } from '../by-date.js';

const [ratePerSecond = '10', responseMs = '0'] = process.argv.slice(2);
const rowsOfPage = 1000;
const idPlaceholder = '"id of the row"';

goFirst();
const { shapes } = await buildServedSchema();
const rows = new Dataset({ shapes, eventsPerType: 0 }).addDay({
  product: Product.SMS,
  direction: Direction.OUTBOUND,
  day: '2026-01-05',
  count: rowsOfPage,
});
const texts = rows.map(({ message_body, concatenated, ...row }) => {
  const [before = '', after = ''] = JSON.stringify({ ...row, message_id: 'id of the row' }).split(
    idPlaceholder,
  );
  return { before, after };
});
const pageTemplate = templateOfPage();
/** Bodies of pages that were sent. */
const spareBodies: Buffer[] = [];
const window = new RateWindow({ ratePerSecond: Number(ratePerSecond), minGapMs: 0 });
const costs: PageCosts = { pages: 0, lookups: 0, rateLimited: 0 };

const server = createServer(({ url = '' }, response) => {
  const { pathname, searchParams } = new URL(url, 'http://vonage');
  if (pathname !== recordsPath) return send(response, 200, JSON.stringify(costs));
  if (!window.admits(monotonicClock.now())) {
    costs.rateLimited += 1;
    return send(response, 429, '{"title":"Rate limit"}');
  }
  const ids = searchParams.get('id')?.split(',');
  if (ids) costs.lookups += 1;
  else costs.pages += 1;
  const answer = () => (ids ? send(response, 200, answerIds(ids)) : void sendPage(response, searchParams));
  if (Number(responseMs) > 0) setTimeout(answer, Number(responseMs));
  else answer();
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});

/** Vonage has a core for each call. Here this process sees a call late while others run, so it goes before them if it may. */
function goFirst(): void {
  try {
    setPriority(constants.priority.PRIORITY_HIGHEST);
  } catch {
    // Only a privileged user may. Without it the bench measures the same, and prints more refusals on a busy machine.
  }
}

function answerIds(ids: readonly string[]): string {
  return `{"request_status":"SUCCESS","items_count":${ids.length},"records":[${ids.map(rowText).join(',')}]}`;
}

/**
 * Each window is a list of its own. Its cursors count its pages. One page is made in each round of the event loop, and its
 * bytes are used again, because what keeps this process busy makes the next call look late.
 */
async function sendPage(response: ServerResponse, parameters: URLSearchParams): Promise<void> {
  await nextTurn();
  const list = (Date.parse(parameters.get('date_start') ?? '') / 1000) % 0x10000;
  const page = Number(parameters.get('cursor') ?? 0);
  const prefix = list.toString(16).padStart(4, '0') + page.toString(16).padStart(8, '0');
  const body = spareBodies.pop() ?? Buffer.from(pageTemplate.bytes);
  pageTemplate.offsets.forEach((offset, index) => {
    body.write(prefix + index.toString(16).padStart(4, '0'), offset, 'latin1');
  });
  const head = `{"request_status":"TRUNCATED","items_count":${rowsOfPage},"cursor":"${page + 1}","iv":"iv",`;
  writeHead(response, 200, head.length + body.length);
  response.write(head);
  response.end(body, () => spareBodies.push(body));
}

/** A page whose ids are to be written over: to join a thousand texts for each page would delay what else arrives. */
function templateOfPage(): { readonly bytes: Buffer; readonly offsets: readonly number[] } {
  const id = '0'.repeat(16);
  const bytes = Buffer.from(`"records":[${texts.map((_text, index) => rowText(id, index)).join(',')}]}`);
  const offsets: number[] = [];
  for (const { before } of texts) {
    const searched = `${before.slice(-20)}"${id}"`;
    offsets.push(bytes.indexOf(searched, offsets.at(-1) ?? 0) + Buffer.byteLength(searched) - id.length - 1);
  }
  return { bytes, offsets };
}

function rowText(id: string, index: number): string {
  const { before = '', after = '' } = texts[index % rowsOfPage] ?? {};
  return `${before}"${id}"${after}`;
}

function send(response: ServerResponse, status: number, body: string): void {
  writeHead(response, status, Buffer.byteLength(body));
  response.end(body);
}

function writeHead(response: ServerResponse, status: number, bytes: number): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes });
}
