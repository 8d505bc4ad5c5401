/** Builds what changed, then runs `vonage-records` in this process with the words of the command line. */
import { buildChanged } from './build.js';

await buildChanged();
await import(new URL('../dist/records-command/main.js', import.meta.url).href);
