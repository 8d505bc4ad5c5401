import { z } from 'zod';
import { isAccountId } from '../../catalogue/ids.js';
import { productByName, productName } from '../../catalogue/product.js';
import { products } from '../../catalogue/products.js';
import { isHttpUrl } from '../../urls.js';
import { accountKeys } from '../../vonage/credentials.js';
import { file, flag, integer, listOf, secret, setting, textThat, unquoted } from '../setting.js';

const searchable = products.filter((each) => each.searchedByDefault).map((each) => productName(each.product));

/** Settings of the calls to Vonage. */
export const vonageSettings = {
  apiKey: unquoted(
    setting(
      'VONAGE_API_KEY',
      z
        .string()
        .regex(/^[^:\s]+$/, 'must hold no colon and no space; the secret belongs in VONAGE_API_SECRET'),
      undefined,
      'API key of the Vonage account. A process without Vonage credentials uses the embedded simulator.',
    ),
  ),
  apiSecret: secret('VONAGE_API_SECRET', 'Secret of the API key.'),
  accountId: unquoted(
    setting(
      'VONAGE_ACCOUNT_ID',
      textThat(isAccountId, 'must be 1 to 64 letters, digits, - or _'),
      undefined,
      'Account that a lookup asks if it names none: 1 to 64 letters, digits, `-` or `_`. Without this setting it asks the account of `VONAGE_API_KEY`, or the only account of `VONAGE_CREDENTIALS_FILE`.',
    ),
  ),
  accountKeys: file(
    'VONAGE_CREDENTIALS_FILE',
    accountKeys,
    'JSON file with an API key and a secret for each account: `{ "accounts": { "<account id>": { "apiKey": "…", "apiSecret": "…" } } }`.',
  ),
  simulator: setting(
    'SIMULATOR',
    flag(),
    undefined,
    'Whether the embedded simulator answers with invented records in place of Vonage. Without this setting it answers only outside production, without Vonage credentials, and on a loopback address; in production and on another address a process without credentials does not start.',
  ),
  baseUrl: setting(
    'VONAGE_BASE_URL',
    textThat(isHttpUrl, 'must be an http or https URL without credentials'),
    'https://api.nexmo.com',
    'Origin of the Reports API: an http or https URL without credentials.',
  ),
  ratePerSecond: setting(
    'VONAGE_RATE_PER_SECOND',
    integer(1, 1000),
    '10',
    'Calls per second that Vonage allows for an API key. The gateway never exceeds them in any sliding second.',
  ),
  rateMarginMs: setting(
    'VONAGE_RATE_MARGIN_MS',
    integer(0, 1000),
    '15',
    'Milliseconds that the gateway adds to each sliding second of the rate, because calls can arrive at Vonage closer together than they leave. Raise the value if the log reports status 429.',
  ),
  callTimeoutMs: setting(
    'VONAGE_TIMEOUT_MS',
    integer(100, 120_000),
    '15000',
    'Milliseconds after which the gateway gives up a call to Vonage.',
  ),
  recordsPerDay: setting(
    'MAX_RECORDS_PER_DAY',
    integer(1, 999_999_999),
    undefined,
    'Most records that Vonage may bill in a day of UTC for one API key, for all callers together. When it is reached, lookups of records that are not cached get `RATE_LIMITED` until midnight. Replicas share the count through Redis. Without this setting there is no such limit.',
  ),
  searchProducts: setting(
    'SEARCH_PRODUCTS',
    listOf(productByName),
    searchable.join(','),
    'Products that a lookup without a product searches, the likeliest first.',
  ),
};
