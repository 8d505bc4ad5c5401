import type { Outcome } from '../../traffic/batching/pending-lookup.js';

interface Refused<Value, Item> {
  readonly entries: readonly Item[];
  settle(key: string, outcome: Outcome<Value>): void;
}

interface Entry {
  readonly key: string;
  readonly isWanted: boolean;
}

/**
 * Extra calls that one refused batch may cost, whatever is wrong with it. Twenty ids with one culprit take ten: five
 * halvings of two calls.
 */
const maxExtraCalls = 10;

/** Refusals without a single acceptance after which the request itself is at fault, and halving would only repeat it. */
const refusalsOfTheRequest = 4;

export interface Bisection<Value, Item extends Entry> {
  readonly batch: Refused<Value, Item>;
  /** What the whole batch was refused with. */
  readonly refusal: unknown;
  /** Asks for some of the ids and settles them; rejects when the call fails. */
  ask(entries: readonly Item[]): Promise<void>;
  /** Whether an error may be a single id's fault. */
  isRefusal(error: unknown): boolean;
}

/**
 * Finds the ids for which a batch was refused by asking for halves until the culprit stands alone; the others are
 * answered on the way. What cannot be afforded any more fails with the refusal.
 */
export async function bisectBatch<Value, Item extends Entry>(
  isolation: Bisection<Value, Item>,
): Promise<void> {
  const { batch, refusal } = isolation;
  let groups = halves(batch.entries);
  let spent = 0;
  let accepted = 0;
  while (groups.length > 0) {
    const affordable = groups.slice(0, maxExtraCalls - spent);
    const hopeless = accepted === 0 && spent >= refusalsOfTheRequest;
    if (hopeless || affordable.length === 0) break;
    spent += affordable.length;
    const refused = await Promise.all(affordable.map((entries) => refusedPart(isolation, entries)));
    accepted += refused.filter((part) => part.length === 0).length;
    groups = [...refused.flatMap(halves), ...groups.slice(affordable.length)];
  }
  for (const { key } of groups.flat()) batch.settle(key, { error: refusal });
}

/** Asks for a group; returns its entries when they have to be halved, and none when they are settled. */
async function refusedPart<Value, Item extends Entry>(
  { batch, refusal, ask, isRefusal }: Bisection<Value, Item>,
  entries: readonly Item[],
): Promise<readonly Item[]> {
  const wanted = entries.filter((entry) => entry.isWanted);
  for (const { key, isWanted } of entries) if (!isWanted) batch.settle(key, { error: refusal });
  if (wanted.length === 0) return [];
  try {
    await ask(wanted);
    return [];
  } catch (error) {
    if (isRefusal(error) && wanted.length > 1) return wanted;
    for (const { key } of wanted) batch.settle(key, { error });
    return [];
  }
}

function halves<Item>(items: readonly Item[]): (readonly Item[])[] {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)].filter((half) => half.length > 0);
}
