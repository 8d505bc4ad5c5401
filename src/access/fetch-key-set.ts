import type { FetchImplementation } from 'jose';

/** Far above any key set in use; a server that sends more is broken or hostile. */
const maxBytes = 262_144;

/**
 * Fetches a key set for `jose`: follows no redirect, and reads no more than 256 KiB, counted after decompression. Rejects
 * when the status is not 200, the answer is too large, or the signal aborts.
 */
export const fetchKeySet: FetchImplementation = async (url, options) => {
  const response = await fetch(url, { ...options, redirect: 'manual' });
  if (response.status === 200) return new Response(await read(response));
  await response.body?.cancel();
  throw new Error(`The key server answered with status ${response.status}`);
};

/** The whole body; a rejection ends the connection. */
async function read(response: Response): Promise<string> {
  // In Node a body can be iterated, which the browsers' types do not know.
  const body = response.body as unknown as AsyncIterable<Uint8Array>;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxBytes) throw new RangeError(`The key server sent more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
