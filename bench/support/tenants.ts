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
    const tokens = tenants.map(({ name, accountIds }) => tokenEntryOf(name, accountIds));
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

/** Many callers of one account, each with a token, and the file that lists the tokens. */
export class CallersWithTokens implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'bench-callers-'));
  readonly #headers: readonly Readonly<Record<string, string>>[];
  readonly count: number;
  readonly env: Readonly<Record<string, string>>;

  constructor(count: number) {
    this.count = count;
    const names = Array.from({ length: count }, (_none, index) => `caller-${index}`);
    this.#headers = names.map(authorizationOf);
    const path = join(this.#folder, 'tokens.json');
    writeFileSync(path, JSON.stringify({ tokens: names.map((name) => tokenEntryOf(name)) }));
    this.env = { AUTH_MODE: 'token', AUTH_TOKENS_FILE: path };
  }

  headersOf(caller: number): Readonly<Record<string, string>> {
    return this.#headers[caller] ?? {};
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** An entry without limits that matter. It may read the gateway's own account unless others are named. */
function tokenEntryOf(name: string, accounts?: readonly string[]) {
  return {
    name,
    sha256: createHash('sha256').update(tokenOf(name)).digest('hex'),
    scopes: ['records:read', 'records:content', 'records:numbers', 'explain'],
    idsPerSecond: 1_000_000,
    ...(accounts && { accounts }),
  };
}

/** Many accounts, each with an API key of its own, and the file that lists them. */
export class KeysOfAccounts implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'bench-keys-'));
  readonly accounts: readonly string[];
  readonly env: Readonly<Record<string, string>>;

  constructor(count: number) {
    this.accounts = Array.from({ length: count }, (_none, index) => `account-${index}`);
    const entries = this.accounts.map((id) => [id, { apiKey: `key-of-${id}`, apiSecret: `secret-of-${id}` }]);
    const path = join(this.#folder, 'credentials.json');
    writeFileSync(path, JSON.stringify({ accounts: Object.fromEntries(entries) }));
    this.env = { VONAGE_CREDENTIALS_FILE: path };
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
