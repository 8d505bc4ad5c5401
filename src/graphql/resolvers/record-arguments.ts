import { isVonageId } from '../../catalogue/ids.js';
import { type Direction, type Product, productName } from '../../catalogue/product.js';
import { rulesOf } from '../../catalogue/products.js';
import { GatewayError } from '../../errors.js';
import type { Target, TargetScope } from '../../operation/operation-service.js';
import { decodeGlobalId, type GlobalIdParts, looksLikeGlobalId } from '../../records/global-id.js';
import type { LookupRules } from '../operation-context.js';

/** Descriptions of the arguments that several lookups share. */
export const idArgument = {
  description: 'A Vonage id of any searched product, or the global `id` of a record.',
};
export const productArgument = {
  nullable: true,
  description: 'Product to search. Without it all products are searched, which takes more calls.',
};
export const directionArgument = {
  nullable: true,
  description:
    'Direction of the traffic, for SMS, MESSAGES, VOICE_CALL, VOICE_FAILED and ASR only. Without it SMS and MESSAGES are ' +
    'searched in both directions, which can take two calls.',
};
/** The direction of a field that searches one product, which requires one. */
export const messageDirectionArgument = {
  nullable: true,
  description: 'Direction of the message. Without it both directions are searched, which can take two calls.',
};
export const accountArgument = {
  nullable: true,
  description: "Account or subaccount to search, for all products. Default: the gateway's own account.",
};

/** The arguments of a lookup besides its ids, as the client sent them. */
export interface Scope {
  readonly product?: Product | null | undefined;
  readonly direction?: Direction | null | undefined;
  readonly accountId?: string | null | undefined;
  /** The products that the field is about; all searchable ones when absent. */
  readonly family?: readonly Product[];
}

/** Longest part of a faulty argument that is quoted back. */
const maxQuotedLength = 40;
const accountForm = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Checks the scope and says where an id is to be looked for. Throws BAD_USER_INPUT, naming the argument, the rule and
 * what arrived, before anything is sent.
 */
export function resolveScope(scope: Scope, rules: LookupRules): (id: string, argument: string) => Target {
  const accountId = accountOf(scope.accountId, rules);
  const searched: TargetScope = {
    accountId,
    products: productsOf(scope, rules),
    direction: scope.direction ?? null,
  };
  return (id, argument) => {
    if (looksLikeGlobalId(id)) return globalTarget(id, argument, scope);
    if (!isVonageId(id))
      throw badInput(argument, 'must be 1 to 128 letters, digits, . _ : or -', id, likelyCause(id));
    return { id, globalId: null, scope: searched };
  };
}

/** The account to ask. Throws BAD_USER_INPUT for a text that cannot be one. */
export function accountOf(accountId: string | null | undefined, rules: LookupRules): string {
  const asked = accountId ?? rules.accountId;
  if (accountForm.test(asked)) return asked;
  const hint = likelyCause(asked, [roundedNumber]);
  throw badInput('accountId', 'must be 1 to 64 letters, digits, - or _', asked, hint);
}

/** The record that a global id names. */
export function globalTarget(id: string, argument: string, scope: Scope = {}): Target {
  const parts = looksLikeGlobalId(id) ? decodeGlobalId(id) : undefined;
  if (!parts)
    throw badInput(argument, 'must be a global id as a record shows it in `id`', id, likelyCause(id));
  refuseContradiction(parts, argument, scope);
  const { vonageId, accountId, product, direction } = parts;
  return { id: vonageId, globalId: id, scope: { accountId, products: [product], direction } };
}

function productsOf({ product, direction, family }: Scope, rules: LookupRules): readonly Product[] {
  if (product) {
    if (direction && !takesDirection(product)) {
      throw new GatewayError(
        'BAD_USER_INPUT',
        `direction must be left out: records of ${productName(product)} have none.`,
      );
    }
    return [product];
  }
  const searched = family ?? rules.searchProducts;
  return direction ? searched.filter(takesDirection) : searched;
}

function takesDirection(product: Product): boolean {
  return rulesOf(product).direction !== 'refused';
}

/** A global id already names product, direction and account; arguments may repeat them, not change them. */
function refuseContradiction(parts: GlobalIdParts, argument: string, scope: Scope): void {
  const contradicted =
    (scope.product && scope.product !== parts.product && 'product') ||
    (scope.direction && parts.direction && scope.direction !== parts.direction && 'direction') ||
    (scope.accountId && scope.accountId !== parts.accountId && 'accountId') ||
    (scope.family && !scope.family.includes(parts.product) && 'the product of this field');
  if (!contradicted) return;
  const message = `${argument} is a global id, which names its record fully, but it contradicts ${contradicted}.`;
  throw new GatewayError('BAD_USER_INPUT', message);
}

/** The error for an argument that breaks a rule; it quotes the start of what arrived. */
export function badInput(argument: string, rule: string, value: string, hint = ''): GatewayError {
  return new GatewayError('BAD_USER_INPUT', `${argument} ${rule}, got: ${quote(value)}.${hint}`);
}

type LikelyMistake = readonly [sign: RegExp, hint: string];

const roundedNumber: LikelyMistake = [
  /^-?\d+\.?\d*e\+\d+$/i,
  'Send ids as text: a number of this size loses digits.',
];

/** The mistakes that turn an id into something else, and how to mend each; the first that fits is told. */
const likelyMistakes: readonly LikelyMistake[] = [
  [/^\s*$/, 'It is empty.'],
  [/,/, 'Give each id as an item of records(ids: […]).'],
  [/^["'\u201c\u2018]|["'\u201d\u2019]$/, 'Leave out the quotes that are part of the text.'],
  [/^\s|\s$/, 'Leave out the blanks around it.'],
  roundedNumber,
];

function likelyCause(text: string, mistakes = likelyMistakes): string {
  const mistake = mistakes.find(([sign]) => sign.test(text));
  return mistake ? ` ${mistake[1]}` : '';
}

/** Quotes what arrived without letting it format the message: short, printable, in one line. */
function quote(value: string): string {
  const start = JSON.stringify(value.slice(0, maxQuotedLength));
  return value.length > maxQuotedLength ? `${start}… (${value.length} characters)` : start;
}
