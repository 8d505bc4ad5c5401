/** Responds to every request at once with the bytes of a file: a free upstream, and the lower bound of HTTP itself. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [path = ''] = process.argv.slice(2);
const body = readFileSync(path);
const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length };
const server = createServer((request, response) => {
  // An unread body would delay the next request of the connection.
  request.resume();
  request.on('end', () => response.writeHead(200, headers).end(body));
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`);
});
