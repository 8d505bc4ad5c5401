import { z } from 'zod';
import { isAccountId } from '../catalogue/ids.js';
import { Credentials } from './credentials.js';

const keyRule = 'must be text without a colon or a space';
const secretRule = 'must be text that is not empty';

const account = z.strictObject(
  {
    apiKey: z.string(keyRule).regex(/^[^:\s]+$/, keyRule),
    apiSecret: z.string(secretRule).min(1, secretRule),
  },
  { error: shapeRule('apiKey, apiSecret') },
);

type Accounts = Readonly<Record<string, z.output<typeof account>>>;

/**
 * What a file of credentials holds: an API key and its secret for each account, by account id. It is strict: an unknown
 * key, or one API key with two secrets, is a fault. Faults say where they are and quote nothing but account ids.
 */
export const accountKeys: z.ZodType<ReadonlyMap<string, Credentials>, unknown> = z
  .strictObject(
    {
      accounts: z
        .record(z.string(), account, 'must be an object of accounts by their ids')
        .superRefine(refuseStrangeAccounts)
        .superRefine(refuseSecondSecrets),
    },
    { error: shapeRule('accounts') },
  )
  .transform(
    ({ accounts }) => new Map(Object.entries(accounts).map(([id, pair]) => [id, toCredentials(pair)])),
  );

function toCredentials({ apiKey, apiSecret }: Accounts[string]): Credentials {
  return new Credentials(apiKey, apiSecret);
}

function shapeRule(keys: string) {
  return ({ code }: { readonly code?: string }): string =>
    code === 'unrecognized_keys' ? `must hold no keys but ${keys}` : 'must be an object';
}

function refuseStrangeAccounts(accounts: Accounts, context: z.RefinementCtx): void {
  const ids = Object.keys(accounts);
  const message = 'must hold account ids of 1 to 64 letters, digits, - or _, at least one';
  // Not quoted: who mixes up the format may have put a secret there.
  if (ids.length === 0 || !ids.every(isAccountId)) context.addIssue({ code: 'custom', message });
}

function refuseSecondSecrets(accounts: Accounts, context: z.RefinementCtx): void {
  const secrets = new Map<string, string>();
  for (const [id, { apiKey, apiSecret }] of Object.entries(accounts)) {
    const message = 'must be the same as in an account above that has the same API key';
    if ((secrets.get(apiKey) ?? apiSecret) !== apiSecret)
      context.addIssue({ code: 'custom', path: [id, 'apiSecret'], message });
    secrets.set(apiKey, apiSecret);
  }
}
