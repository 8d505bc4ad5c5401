import { createHash } from 'node:crypto';
import type { TokenEntry } from '../../src/access/grants.js';
import type { AccessScope } from '../../src/access/principal.js';

type Granted = Partial<Omit<TokenEntry, 'name' | 'sha256'>> & { readonly scopes?: readonly AccessScope[] };

/** Everything that records hold, and nothing of what operators see. */
const allOfRecords: readonly AccessScope[] = ['records:read', 'records:content', 'records:numbers'];

/** The token of a caller. */
export function tokenOf(name: string): string {
  return `${name}-token-0123456789abcdef`;
}

/** Headers that authenticate a caller. */
export function authorizationOf(name: string): Record<string, string> {
  return { authorization: `Bearer ${tokenOf(name)}` };
}

/** Configuration of callers with tokens. A caller may see all records by default. */
export function tokensFor(callers: Readonly<Record<string, Granted>>) {
  const tokens = Object.entries(callers).map(
    ([name, granted]): TokenEntry => ({
      name,
      sha256: createHash('sha256').update(tokenOf(name)).digest('hex'),
      scopes: allOfRecords,
      products: 'any',
      ...granted,
    }),
  );
  return { auth: { mode: 'token', tokens } } as const;
}
