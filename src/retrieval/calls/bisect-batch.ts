interface Entry {
  readonly key: string;
  readonly isWanted: boolean;
}

/** Refusals without a single acceptance after which the request itself is wrong, and halving would only repeat it. */
const refusalsOfTheRequest = 4;

export interface Bisection<Item extends Entry> {
  readonly entries: readonly Item[];
  /** Calls that it may make. Twenty ids with one wrong id take nine at most. */
  readonly maxCalls: number;
  /** What the whole batch was refused with. */
  readonly refusal: unknown;
  /** Asks for some of the ids and settles them; rejects when the call fails. */
  ask(entries: readonly Item[]): Promise<void>;
  /** Settles ids with an error. They are a single id, or ids that were not asked for apart. */
  fail(entries: readonly Item[], error: unknown): void;
  /** Whether an error can be a single id's fault. */
  isRefusal(error: unknown): boolean;
}

/**
 * Finds the ids for which a batch was refused: it asks for halves until the wrong id stands alone, and the other ids are
 * answered on the way. Ids that the extra calls do not reach fail with the refusal.
 */
export async function bisectBatch<Item extends Entry>(bisection: Bisection<Item>): Promise<void> {
  const { entries, maxCalls, refusal, fail } = bisection;
  let groups = parts(entries);
  let spent = 0;
  let accepted = 0;
  while (groups.length > 0) {
    const affordable = groups.slice(0, maxCalls - spent);
    const isHopeless = accepted === 0 && spent >= refusalsOfTheRequest;
    if (isHopeless || affordable.length === 0) break;
    spent += affordable.length;
    const refused = await Promise.all(affordable.map((group) => refusedPart(bisection, group)));
    accepted += refused.filter((part) => part.length === 0).length;
    groups = [...refused.flatMap(parts), ...groups.slice(affordable.length)];
  }
  for (const group of groups) fail(group, refusal);
}

/** Asks for a group. Returns its entries when they have to be halved, and none when they are settled. */
async function refusedPart<Item extends Entry>(
  { refusal, ask, fail, isRefusal }: Bisection<Item>,
  entries: readonly Item[],
): Promise<readonly Item[]> {
  const wanted = entries.filter((entry) => entry.isWanted);
  fail(
    entries.filter((entry) => !entry.isWanted),
    refusal,
  );
  if (wanted.length === 0) return [];
  try {
    await ask(wanted);
    return [];
  } catch (error) {
    if (isRefusal(error) && wanted.length > 1) return wanted;
    fail(wanted, error);
    return [];
  }
}

/** Halves; three ids stand alone at once, because the halves of a half would cost a call more. */
function parts<Item>(items: readonly Item[]): (readonly Item[])[] {
  if (items.length <= 3) return items.map((item) => [item]);
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
}
