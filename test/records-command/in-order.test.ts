import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { until } from '../../src/records-command/lookup.js';

test('a run keeps no id in memory that it has passed on, however many there are', async () => {
  const passed: WeakRef<object>[] = [];
  async function* items() {
    for (let index = 0; index < 200; index += 1) {
      const item = { index };
      passed.push(new WeakRef(item));
      yield item;
    }
  }
  const run = until(items(), new AbortController().signal, () => false);
  for (let index = 0; index < 100; index += 1) await run.next();
  // A reference that was read keeps its object until the end of the macrotask.
  await new Promise(setImmediate);
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  expect(passed.filter((each) => each.deref() !== undefined).length).toBeLessThanOrEqual(2);
  await run.return(undefined);
});

test('an id that is awaited when the run is interrupted is given up', async () => {
  const interruption = new AbortController();
  async function* items() {
    yield 'first';
    await new Promise(() => {});
  }
  const run = until(items(), interruption.signal, () => false);
  expect(await run.next()).toEqual({ done: false, value: 'first' });
  const next = run.next();
  interruption.abort();
  expect(await next).toEqual({ done: true, value: undefined });
});
