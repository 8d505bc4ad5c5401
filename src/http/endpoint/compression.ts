import type { IncomingHttpHeaders } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { byHeaderValue } from './negotiate.js';
import type { CachedResponse } from './response-cache.js';

/** The content codings of responses, the preferred one first. */
const codings = ['br', 'gzip'] as const;
type Coding = (typeof codings)[number];

/** Fewest characters of a body that is compressed. A smaller one fits into a few packets, and would only arrive later. */
const minCharacters = 4096;
/** Most bodies that are compressed at the same time. Further ones are sent as they are rather than queued. */
const maxConcurrent = 16;
/** The strongest quality of Brotli that takes no more time than gzip. */
const brotliQuality = 4;

const compressors: Readonly<Record<Coding, (bytes: Buffer) => Promise<Buffer>>> = {
  gzip: promisify<Buffer, Buffer>(gzip),
  br: (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: brotliQuality,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
};

/** Compresses large responses for clients that accept it, in the threads of Node's zlib. */
export class Compression {
  readonly #cached = new WeakMap<CachedResponse, Map<Coding, Promise<Buffer | undefined>>>();
  readonly #codingFor = byHeaderValue(preferredCoding);
  #running = 0;

  /** The hook that compresses bodies of text. A small body passes without a promise. */
  readonly onSend = (
    { headers }: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
    done: (error: null, payload: unknown) => void,
  ): void => {
    const coding = this.#codingOf(headers, payload);
    if (!coding) done(null, payload);
    else
      void this.#compress(String(payload), coding).then((bytes) =>
        done(null, toPayload(reply, coding, bytes) ?? payload),
      );
  };

  /** Sends the body of a cached response, which is compressed once for each coding. A small body is sent at once. */
  sendCached({ headers }: FastifyRequest, reply: FastifyReply, cached: CachedResponse): void {
    const coding = this.#codingOf(headers, cached.body);
    if (!coding) return void reply.send(cached.body);
    void this.#compressCached(cached, coding).then((bytes) =>
      reply.send(toPayload(reply, coding, bytes) ?? cached.body),
    );
  }

  /** The coding for a body; undefined for one that is sent as it is. */
  #codingOf({ 'accept-encoding': accepted }: IncomingHttpHeaders, payload: unknown): Coding | undefined {
    if (accepted === undefined || !isLarge(payload)) return undefined;
    return this.#codingFor(String(accepted)) || undefined;
  }

  #compressCached(cached: CachedResponse, coding: Coding): Promise<Buffer | undefined> {
    const known = this.#cached.get(cached) ?? new Map<Coding, Promise<Buffer | undefined>>();
    this.#cached.set(cached, known);
    const compressing = known.get(coding) ?? this.#compress(cached.body, coding);
    known.set(coding, compressing);
    // A body for which there was no thread is compressed for a later request.
    void compressing.then((bytes) => bytes ?? known.delete(coding));
    return compressing;
  }

  /** Undefined where too many bodies are being compressed, or where it fails. */
  async #compress(body: string, coding: Coding): Promise<Buffer | undefined> {
    if (this.#running >= maxConcurrent) return undefined;
    this.#running += 1;
    try {
      return await compressors[coding](Buffer.from(body));
    } catch {
      return undefined;
    } finally {
      this.#running -= 1;
    }
  }
}

function isLarge(payload: unknown): boolean {
  return typeof payload === 'string' && payload.length >= minCharacters;
}

function toPayload(reply: FastifyReply, coding: Coding, bytes: Buffer | undefined): Buffer | undefined {
  if (bytes) reply.header('content-encoding', coding).removeHeader('content-length');
  return bytes;
}

/** The coding that a client weights highest; empty where it accepts neither, or prefers the plain body. */
function preferredCoding(acceptEncoding: string): Coding | '' {
  const weights = new Map(acceptEncoding.split(',').map(weightOf));
  const weightIn = (coding: string) => weights.get(coding) ?? weights.get('*') ?? 0;
  const best = Math.max(...codings.map(weightIn));
  if (best === 0 || (weights.get('identity') ?? 0) > best) return '';
  return codings.find((coding) => weightIn(coding) === best) ?? '';
}

/** A coding and its weight from 0 to 1; a weight that is no number counts as 0. */
function weightOf(text: string): [coding: string, weight: number] {
  const [coding = '', ...parameters] = text.split(';').map((each) => each.trim().toLowerCase());
  const weight = parameters.find((each) => each.startsWith('q='))?.slice(2) ?? '1';
  return [coding, Number(weight) || 0];
}
