/** Builds what changed, then runs the gateway in this process, so that signals reach it. */
import { buildChanged } from './build.js';

await buildChanged();
await import(new URL('../dist/main.js', import.meta.url).href);
