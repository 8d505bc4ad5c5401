import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type GatewayProcess, startProcess } from '../test/support/start-process.js';
import { authorizationOf, tokensFor } from '../test/support/tokens.js';
import type { Campaign } from './campaign.js';
import { documentShapes } from './document-shapes.js';

interface Case {
  /** Names of the shapes, one for each document. */
  readonly shapes: readonly string[];
  /** Characters of each document. */
  readonly characters: number;
  /** Whether the client registers each document as a persisted query. */
  readonly isPersisted: boolean;
}

/** Megabytes of heap of the attacked process. */
const heapMegabytes = 192;

/** Documents that are sent at the same time. */
const concurrency = 8;

/** Statuses with which a document is refused. */
const refusals: ReadonlySet<number> = new Set([400, 413]);

/** Milliseconds in which every response must arrive, generous for a busy machine. */
const timeoutMs = 20_000;

/** Sends padded and oddly shaped documents, each of them new, to a process with little memory, beside another caller. */
export const documentsCampaign: Campaign<Case> = {
  name: 'documents',
  async start() {
    const folder = await mkdtemp(join(tmpdir(), 'documents-'));
    const gateway = await startProcess(await environmentOf(folder), [
      `--max-old-space-size=${heapMegabytes}`,
    ]);
    let sent = 0;
    return {
      cases: fc.record({
        shapes: fc.shuffledSubarray(Object.keys(documentShapes), { minLength: 20 }),
        characters: fc.constantFrom(10, 1000, 4000, 8000, 95_000, 95_000, 120_000),
        isPersisted: fc.boolean(),
      }),
      async violationsOf({ shapes, characters, isPersisted }) {
        const texts = shapes.map((shape) => {
          sent += 1;
          return documentShapes[shape]?.(`document${sent}`, characters) ?? '';
        });
        const violations = await sendAll(gateway, texts, isPersisted);
        return [...violations, ...(await bystanderViolations(gateway))];
      },
      finalViolations: () => bystanderViolations(gateway),
      async [Symbol.asyncDispose]() {
        await gateway[Symbol.asyncDispose]();
        await rm(folder, { recursive: true });
      },
    };
  },
};

/** The attacker has no rate, so that only the limits of documents protect the process. */
async function environmentOf(folder: string): Promise<Record<string, string>> {
  const path = join(folder, 'tokens.json');
  const { auth } = tokensFor({ attacker: {}, bystander: {} });
  await writeFile(path, JSON.stringify({ tokens: auth.tokens }));
  return { AUTH_MODE: 'token', AUTH_TOKENS_FILE: path, CALLER_IDS_PER_SECOND: 'unlimited' };
}

async function sendAll(
  gateway: GatewayProcess,
  texts: readonly string[],
  isPersisted: boolean,
): Promise<string[]> {
  const waiting = [...texts];
  const violations: string[] = [];
  const sender = async () => {
    for (let text = waiting.shift(); text !== undefined; text = waiting.shift())
      violations.push(...(await attackViolations(gateway, text, isPersisted)));
  };
  await Promise.all(Array.from({ length: concurrency }, sender));
  return violations;
}

/** A document runs or is rejected in GraphQL's form; nothing else. */
async function attackViolations({ url }: GatewayProcess, query: string, isPersisted: boolean) {
  const sha256Hash = createHash('sha256').update(query).digest('hex');
  const extensions = isPersisted ? { extensions: { persistedQuery: { version: 1, sha256Hash } } } : {};
  try {
    const { status, text } = await post(url, 'attacker', { query, ...extensions });
    const { data, errors } = JSON.parse(text);
    const isWhole = status === 200 ? data !== undefined : refusals.has(status) && errors.length > 0;
    return isWhole ? [] : [`status ${status}: ${text.slice(0, 300)}`];
  } catch (error) {
    return [`no response to ${query.slice(0, 80)}…: ${error}`];
  }
}

async function bystanderViolations({ url }: GatewayProcess): Promise<string[]> {
  const query = '{ record(id: "15000000E1F8B123", product: SMS, direction: OUTBOUND) { vonageId } }';
  try {
    const { text } = await post(url, 'bystander', { query });
    const { data } = JSON.parse(text);
    return data?.record?.vonageId === '15000000E1F8B123' ? [] : [`the bystander got ${text.slice(0, 300)}`];
  } catch (error) {
    return [`the bystander got no response: ${error}`];
  }
}

async function post(url: string, caller: string, body: object) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorizationOf(caller) },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutMs),
  });
  return { status: response.status, text: await response.text() };
}
