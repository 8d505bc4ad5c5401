import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { HttpRequest } from './http-request.js';

const bomb = gzipSync(Buffer.alloc(10_000_000));
const codings = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync, bomb: () => bomb };

/** Serializes a request. It sends `connection: close`, so that the end of the connection ends the response. */
export function writeRequest({
  method,
  target,
  version,
  headers,
  body,
  coding,
  framing,
}: HttpRequest): Buffer {
  const sent = coding === 'none' ? body : codings[coding](body);
  const lines = [
    `${method} ${target} ${version}`,
    ...headers,
    ...(coding === 'none' ? [] : [`content-encoding: ${coding === 'bomb' ? 'gzip' : coding}`]),
    ...lengthOf(framing, sent.length),
    'connection: close',
    '',
    '',
  ];
  return Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), framed(framing, sent)]);
}

function lengthOf(framing: HttpRequest['framing'], length: number): string[] {
  if (framing === 'none') return [];
  if (framing === 'chunked' || framing === 'junk-chunks') return ['transfer-encoding: chunked'];
  const off = { 'too-short': -2, 'too-long': 10 }[framing as string] ?? 0;
  return [`content-length: ${Math.max(0, length + off)}`];
}

function framed(framing: HttpRequest['framing'], body: Uint8Array): Uint8Array {
  if (framing !== 'chunked' && framing !== 'junk-chunks') return body;
  const size = body.length === 0 ? '' : `${body.length.toString(16)}\r\n`;
  const end = framing === 'chunked' ? '0\r\n\r\n' : 'zz\r\n\r\n';
  return Buffer.concat([Buffer.from(size), body, Buffer.from(size && '\r\n'), Buffer.from(end)]);
}
