/**
 * Works on several items at once and yields the results in the order of the items. It reads an item only when one of the
 * places is free, so a slow consumer slows the source down.
 *
 * @param places items in work or waiting to be consumed, at most
 */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  places: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const waiting: Promise<Result>[] = [];
  for await (const item of items) {
    const result = work(item);
    // A rejection surfaces when its turn comes; until then it must not end the process.
    result.catch(() => {});
    waiting.push(result);
    if (waiting.length === places) yield await (waiting.shift() as Promise<Result>);
  }
  while (waiting.length > 0) yield await (waiting.shift() as Promise<Result>);
}

/** Gathers items into arrays of a size; the last one may be shorter. */
export async function* inChunks<Item>(items: AsyncIterable<Item>, size: number): AsyncGenerator<Item[]> {
  let chunk: Item[] = [];
  for await (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/**
 * Items until a signal is aborted or a condition holds. An item that is still awaited then is given up.
 */
export async function* until<Item>(
  items: AsyncIterable<Item>,
  signal: AbortSignal,
  isOver: () => boolean,
): AsyncGenerator<Item> {
  const iterator = items[Symbol.asyncIterator]();
  let stopWaiting = () => {};
  signal.addEventListener('abort', () => stopWaiting(), { once: true });
  while (!signal.aborted && !isOver()) {
    // A race with one promise of the abort would keep each item in memory until the run ends.
    const next = await new Promise<IteratorResult<Item>>((resolve, reject) => {
      stopWaiting = () => resolve({ done: true, value: undefined });
      iterator.next().then(resolve, reject);
    });
    if (next.done) return;
    yield next.value;
  }
}
