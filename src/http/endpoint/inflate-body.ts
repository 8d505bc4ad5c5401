import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import type { FastifyReply, FastifyRequest, RequestPayload } from 'fastify';
import { HttpError } from '../errors.js';

type Inflate = (bytes: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

/** By the name of the coding in HTTP. */
const inflaters: ReadonlyMap<string, Inflate> = new Map([
  ['gzip', promisify(gunzip) as Inflate],
  ['x-gzip', promisify(gunzip) as Inflate],
  ['deflate', promisify(inflate) as Inflate],
  ['br', promisify(brotliDecompress) as Inflate],
]);

/**
 * Decompresses bodies before they are parsed. The limit holds for the compressed and for the decompressed bytes, and
 * decompression stops at the limit. Throws an HttpError of 413 beyond it, 415 for an unknown coding, 400 for wrong bytes.
 *
 * @param maxBytes largest body in bytes
 */
export function inflateBody(maxBytes: number) {
  return (
    { method, headers }: FastifyRequest,
    _reply: FastifyReply,
    payload: RequestPayload,
    done: (error: Error | null, payload?: RequestPayload) => void,
  ): void => {
    const coding = headers['content-encoding']?.toLowerCase() ?? 'identity';
    if (method !== 'POST' || coding === 'identity') {
      done(null, payload);
      return;
    }
    const inflateBytes = inflaters.get(coding);
    if (!inflateBytes) throw unknownCoding(coding);
    inflated(payload, inflateBytes, maxBytes).then((body) => done(null, body), done);
  };
}

async function inflated(
  payload: RequestPayload,
  inflateBytes: Inflate,
  maxBytes: number,
): Promise<RequestPayload> {
  const arrived = await readBytes(payload, maxBytes);
  const body = await inflateBytes(arrived, { maxOutputLength: maxBytes }).catch(rejectBody);
  // Fastify compares this length with the content-length.
  return Object.assign(Readable.from([body]), { receivedEncodedLength: arrived.length });
}

/** Stops reading at the limit, but keeps the stream open, because its connection carries the response. */
function readBytes(payload: RequestPayload, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    payload.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBytes) return chunks.push(chunk);
      payload.removeAllListeners('data');
      chunks.length = 0;
      return reject(tooLarge());
    });
    payload.once('end', () => resolve(Buffer.concat(chunks)));
    payload.once('error', () =>
      reject(
        new HttpError(
          400,
          'The body ended before it was complete; the client or a proxy may have closed the connection.',
        ),
      ),
    );
  });
}

function rejectBody({ code }: NodeJS.ErrnoException): never {
  if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
  throw new HttpError(400, 'The body is not valid in the coding that its content-encoding names.');
}

function tooLarge(): HttpError {
  return new HttpError(
    413,
    'The body, compressed or decompressed, is larger than the operator allows (MAX_BODY_BYTES).',
  );
}

function unknownCoding(coding: string): HttpError {
  const known = 'gzip, deflate, br';
  const message = `The content-encoding must be one of ${known}, got: ${coding.slice(0, 80)}.`;
  return new HttpError(415, message, { 'accept-encoding': known });
}
