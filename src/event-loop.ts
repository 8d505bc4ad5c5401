/** Items of a long list that are worked on in one go: a millisecond or two of rows. */
const itemsPerStep = 100;

/** Steps of long work that may go on, the one that has waited longest first. */
const waiting: (() => void)[] = [];

/**
 * Resolves when a step of long work may go on. Between two rounds of the event loop one step of all the work in the process
 * runs, so that ten lists at once delay other requests no longer than one.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(resumeFirst);
  });
}

function resumeFirst(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(resumeFirst);
}

/** Cuts a list into parts of 100 items, between which other events have their turn. */
export async function* inSteps<Item>(items: readonly Item[]): AsyncGenerator<readonly Item[]> {
  for (let start = 0; start < items.length; start += itemsPerStep) {
    if (start > 0) await nextTurn();
    yield items.slice(start, start + itemsPerStep);
  }
}

/**
 * The items as a list for GraphQL, which completes a list in one go where its items are at hand. Items after the first 100
 * are promises here, of which 100 at a time resolve.
 */
export function resolvedInSteps<Item>(items: readonly Item[]): readonly (Item | Promise<Item>)[] {
  let turn = Promise.resolve();
  return items.map((item, index) => {
    if (index < itemsPerStep) return item;
    if (index % itemsPerStep === 0) turn = turn.then(nextTurn);
    return turn.then(() => item);
  });
}
