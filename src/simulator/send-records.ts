import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { WireRecordsResponse } from '../vonage/wire.js';
import type { DateQuirks } from './by-date/quirks.js';
import type { Fault } from './faults.js';

/** Sends an answer as JSON. */
export function sendRecords(
  reply: FastifyReply,
  body: unknown,
  { escapesText }: Readonly<DateQuirks>,
): FastifyReply {
  if (!escapesText) return reply.send(body);
  return reply.type('application/json; charset=utf-8').send(asAscii(JSON.stringify(body)));
}

/** Sends an answer up to the middle of a row, and then closes the connection. */
export function sendCutRecords(
  reply: FastifyReply,
  body: WireRecordsResponse,
  { rows, cursor }: Extract<Fault, { readonly kind: 'cut' }>,
): FastifyReply {
  const { records, cursor: _cursor, iv: _iv, _links: links, ...rest } = body;
  const head = cursor === 'arrives' ? body : { _links: { self: links.self }, ...rest };
  const whole = JSON.stringify({ ...head, records: undefined, ids_not_found: undefined });
  const sent = records.slice(0, rows).map((row) => `${JSON.stringify(row)},`);
  reply.hijack();
  const headers = reply.getHeaders() as OutgoingHttpHeaders;
  reply.raw.writeHead(200, { ...headers, 'content-type': 'application/json' });
  reply.raw.write(`${whole.slice(0, -1)},"records":[${sent.join('')}{"account_id":`, () =>
    reply.raw.destroy(),
  );
  return reply;
}

function asAscii(json: string): string {
  return json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
