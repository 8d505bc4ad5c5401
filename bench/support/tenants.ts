import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulatorCredentials } from '../../src/simulator/simulator.js';

/** A tenant with its Vonage key, its only account, and the headers that authenticate it to the gateway. */
interface Tenant {
  readonly name: string;
  readonly accountIds: readonly [string];
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Two tenants and the files that configure them in a gateway. Tenant A uses the simulator's own key. */
export class Tenants implements Disposable {
  readonly a: Tenant;
  readonly b: Tenant;
  readonly #folder = mkdtempSync(join(tmpdir(), 'bench-tenants-'));

  constructor() {
    const { apiKey } = simulatorCredentials;
    this.a = { name: 'a', accountIds: [apiKey], ...simulatorCredentials, headers: authorizationOf('a') };
    this.b = {
      name: 'b',
      accountIds: ['tenant-b'],
      apiKey: 'key-of-b',
      apiSecret: 'secret-of-b',
      headers: authorizationOf('b'),
    };
  }

  /** Settings of the gateway. The tenants' own limits are so high that only the queue limits them. */
  get env(): Readonly<Record<string, string>> {
    const tenants = [this.a, this.b];
    const accounts = Object.fromEntries(
      tenants.map(({ accountIds: [id], apiKey, apiSecret }) => [id, { apiKey, apiSecret }]),
    );
    const tokens = tenants.map(({ name, accountIds }) => ({
      name,
      sha256: createHash('sha256').update(tokenOf(name)).digest('hex'),
      scopes: ['records:read', 'records:content', 'records:numbers', 'explain'],
      accounts: accountIds,
      idsPerSecond: 1_000_000,
    }));
    return {
      AUTH_MODE: 'token',
      AUTH_TOKENS_FILE: this.#write('tokens.json', { tokens }),
      VONAGE_CREDENTIALS_FILE: this.#write('credentials.json', { accounts }),
    };
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #write(name: string, content: object): string {
    const path = join(this.#folder, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  }
}

function tokenOf(name: string): string {
  return `${name}-token-0123456789abcdef`;
}

function authorizationOf(name: string): Record<string, string> {
  return { authorization: `Bearer ${tokenOf(name)}` };
}
