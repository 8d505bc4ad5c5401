/**
 * Preloaded into the gateway's process. Answers every message of the measuring process with what the gateway did since
 * the previous message: the functions of `src` that ran, and the calls to Vonage.
 */
import { subscribe } from 'node:diagnostics_channel';
import { Session } from 'node:inspector/promises';
import { pathToFileURL } from 'node:url';
import type { Activity, UpstreamCall } from './observed-gateway.js';

/** What a request of undici tells about itself. */
interface RequestCreated {
  readonly request: { readonly origin: string; readonly path: string; readonly headers: readonly string[] };
}

/** Names that V8 gives to field initialisers, and the loader to its own helpers: no function of `src`. */
const generatedName = /^(<|__)/;

const sourceUrl = pathToFileURL('src/').href;
const upstreamCalls: UpstreamCall[] = [];

subscribe('undici:request:create', (message) => {
  const { origin, path, headers } = (message as RequestCreated).request;
  const index = headers.findIndex((name) => name.toLowerCase() === 'authorization');
  upstreamCalls.push({ url: `${origin}${path}`, authorization: headers[index + 1] ?? '' });
});

const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });

process.on('message', async () => {
  const activity: Activity = { functions: await takeFunctions(), upstreamCalls: upstreamCalls.splice(0) };
  process.send?.(activity);
});
// The gateway must not outlive a measuring process that was ended.
process.on('disconnect', () => process.exit(1));

/** Takes the functions that ran, which also sets all counts back to zero. */
async function takeFunctions() {
  const { result } = await session.post('Profiler.takePreciseCoverage');
  return result
    .filter(({ url }) => url.startsWith(sourceUrl))
    .flatMap(({ url, functions }) => {
      const file = url.slice(sourceUrl.length).replace(/\?.*$/, '');
      return functions
        .filter(({ functionName }) => !generatedName.test(functionName))
        .filter(({ ranges: [whole] }) => whole !== undefined && whole.count > 0)
        .map(({ functionName: name, ranges: [whole] }) => ({ file, name, offset: whole?.startOffset ?? 0 }));
    });
}
