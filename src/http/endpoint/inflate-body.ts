import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import type { FastifyReply, FastifyRequest, RequestPayload } from 'fastify';
import { HttpError } from '../errors.js';

type Inflate = (bytes: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

/** By the name that HTTP has for the coding. */
const inflaters: ReadonlyMap<string, Inflate> = new Map([
  ['gzip', promisify(gunzip) as Inflate],
  ['x-gzip', promisify(gunzip) as Inflate],
  ['deflate', promisify(inflate) as Inflate],
  ['br', promisify(brotliDecompress) as Inflate],
]);

/**
 * Inflates compressed bodies before they are parsed. The limit holds for the bytes that arrive and for those that they
 * become: inflating ends where the limit is passed, whatever is still to come.
 *
 * @param maxBytes largest body, in bytes
 */
export function inflateBody(maxBytes: number) {
  return async (
    { method, headers }: FastifyRequest,
    _reply: FastifyReply,
    payload: RequestPayload,
  ): Promise<RequestPayload> => {
    const coding = headers['content-encoding']?.toLowerCase() ?? 'identity';
    if (method !== 'POST' || coding === 'identity') return payload;
    const inflateBytes = inflaters.get(coding);
    if (!inflateBytes) throw unknownCoding();
    const arrived = await readBytes(payload, maxBytes);
    const body = await inflateBytes(arrived, { maxOutputLength: maxBytes }).catch(refuseBody);
    // Fastify compares it with the content-length.
    return Object.assign(Readable.from([body]), { receivedEncodedLength: arrived.length });
  };
}

/** Stops reading where the limit is passed, but does not end the stream, whose connection is to carry the answer. */
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
    payload.once('error', () => reject(new HttpError(400, 'The body did not arrive as a whole.')));
  });
}

function refuseBody({ code }: NodeJS.ErrnoException): never {
  if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
  throw new HttpError(400, 'The body is not what its content-encoding says.');
}

function tooLarge(): HttpError {
  return new HttpError(413, 'The body is larger than the operator allows (MAX_BODY_BYTES), or becomes so.');
}

function unknownCoding(): HttpError {
  const known = 'gzip, deflate, br';
  return new HttpError(415, `The content-encoding must be one of ${known}.`, { 'accept-encoding': known });
}
