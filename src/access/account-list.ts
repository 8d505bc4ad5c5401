import { z } from 'zod';
import { isAccountId } from '../catalogue/is-account-id.js';

const rule = 'must be "any" or a list of account ids, each of 1 to 64 letters, digits, - or _';

/** The accounts that a token opens: `any`, or at least one account id. */
export const accountList: z.ZodType<'any' | readonly string[], unknown> = z.union(
  [z.literal('any'), z.array(z.string()).refine((ids) => ids.length > 0 && ids.every(isAccountId), rule)],
  rule,
);
