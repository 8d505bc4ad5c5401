/** Responds with a delivered SMS for each id that a call asks for: an upstream that knows any number of ids and starts at once. */
import { createServer } from 'node:http';

const row = {
  status: 'delivered',
  direction: 'outbound',
  from: '447700900000',
  to: '447700900001',
  network_name: 'Example Mobile',
  total_price: '0.03330000',
  currency: 'EUR',
  latency: '3000',
  date_received: '2026-11-01T08:00:00.000Z',
  date_finalized: '2026-11-01T08:00:03.000Z',
};
const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url, 'http://upstream');
  const account_id = searchParams.get('account_id');
  const records = (searchParams.get('id') ?? '').split(',').map((message_id) => ({ account_id, message_id, ...row }));
  const body = JSON.stringify({ request_status: 'SUCCESS', items_count: records.length, records });
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`);
});
