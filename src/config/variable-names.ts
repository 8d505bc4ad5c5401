import { jwtClockSkewMs } from '../access/jwt-authenticator.js';
import { headersTimeoutMs, maxHeaderBytes } from '../http/connections.js';
import { fixedLimits } from '../limits/operation-limits.js';
import { maxIdsPerCall } from '../vonage/wire.js';
import type { Environment, Setting } from './setting.js';
import { settingGroups } from './settings.js';

/** What was a setting once and is a constant now. */
export interface FixedValue {
  /** Name of the former variable. */
  readonly key: string;
  readonly value: number;
  /** What the value means. */
  readonly sentence: string;
}

/** The constants that take the place of former settings. */
export const fixedValues: readonly FixedValue[] = [
  fixed('VONAGE_BATCH_SIZE', maxIdsPerCall, 'Most ids of one call to Vonage.'),
  fixed(
    'MAX_DEFINITIONS',
    fixedLimits.maxDefinitions,
    'Most operations and fragments that a document defines.',
  ),
  fixed('MAX_SELECTIONS', fixedLimits.maxSelections, 'Most fields and fragments that a document selects.'),
  fixed(
    'MAX_INTROSPECTION_DEPTH',
    fixedLimits.maxIntrospectionDepth,
    'Most levels of nested fields inside `__schema` and `__type`.',
  ),
  fixed('MAX_ALIAS_LENGTH', fixedLimits.maxAliasLength, 'Most characters of an alias.'),
  fixed('MAX_ROOT_FIELDS', fixedLimits.maxRootFields, 'Most root fields of an operation.'),
  fixed('MAX_DIRECTIVES', fixedLimits.maxDirectives, 'Most directives of an operation.'),
  fixed('MAX_REPEATS', fixedLimits.maxRepeats, 'Most selections of one response field at one place.'),
  fixed('MAX_ERRORS', fixedLimits.maxErrors, 'Most errors that a response lists for an invalid document.'),
  fixed('MAX_HEADER_BYTES', maxHeaderBytes, 'Most bytes of the first line and the headers of a request.'),
  fixed(
    'HEADERS_TIMEOUT_MS',
    headersTimeoutMs,
    'Milliseconds within which the headers of a request must arrive.',
  ),
  fixed(
    'JWT_CLOCK_SKEW_MS',
    jwtClockSkewMs,
    "Milliseconds by which the clock of a JWT's issuer may differ from the clock of the gateway.",
  ),
];

function fixed(key: string, value: number, sentence: string): FixedValue {
  return { key, value, sentence };
}

/** New name of each setting that has another name now, by its old name. */
export const renamedVariables: ReadonlyMap<string, string> = new Map([
  ['VONAGE_SYNC_RATE', 'VONAGE_RATE_PER_SECOND'],
  ['VONAGE_ARRIVAL_JITTER_MS', 'VONAGE_RATE_MARGIN_MS'],
  ['CACHE_OPEN_TTL_MS', 'CACHE_PENDING_TTL_MS'],
  ['CACHE_MISS_TTL_MS', 'CACHE_NOT_FOUND_TTL_MS'],
]);

const knownNames = Object.values(settingGroups).flatMap((group) =>
  Object.values(group as Readonly<Record<string, Setting<unknown>>>).flatMap(({ key, source }) =>
    source === 'secret' ? [key, `${key}_FILE`] : [key],
  ),
);

/** Prefixes that other programs hardly use. A platform may well set a `REDIS_URI` or a `LOG_LEVELS` of its own. */
const ownPrefix = /^(VONAGE|CACHE|CALLER|MAX|JWT|AUTH|ANONYMOUS|TRUSTED|ROUTER)_/i;

/** Letters by which a name may differ from a setting's name to count as misspelled. */
const maxTypos = 2;

/** Finds the variables of former settings, and those whose name is nearly a setting's name. */
export function variableNameErrors(environment: Environment): string[] {
  return Object.keys(environment).flatMap((name) => {
    const error = environment[name] ? errorOfName(name) : undefined;
    return error ? [error] : [];
  });
}

/**
 * Variables of Kubernetes for a Service with the name of the gateway. They look like settings, and the operator did not write
 * them.
 */
const serviceLink = /^VONAGE_RECORDS_GATEWAY_/;

/** Names each variable that could be meant as a setting of Vonage's credentials and is none. Another program may use it. */
export function unknownVariables(environment: Environment): string[] {
  return Object.keys(environment)
    .filter((name) => /^VONAGE_/i.test(name) && !knownNames.includes(name) && !serviceLink.test(name))
    .filter((name) => environment[name] && errorOfName(name) === undefined)
    .map((name) => `${name} is set, but no setting has this name; docs/configuration.md lists the settings.`);
}

function errorOfName(name: string): string | undefined {
  const constant = fixedValues.find(({ key }) => key === name);
  if (constant)
    return `${name} must be removed: the setting no longer exists, and the value is always ${constant.value}.`;
  const renamed = renamedVariables.get(name);
  if (renamed) return `${name} must be renamed: the setting is now ${renamed}.`;
  if (!ownPrefix.test(name) || knownNames.includes(name)) return undefined;
  const similar = knownNames.find((known) => isSimilar(known, name.toUpperCase()));
  return (
    similar && `${name} must be corrected or removed: no setting has this name, and ${similar} is similar.`
  );
}

function isSimilar(known: string, name: string): boolean {
  return Math.abs(known.length - name.length) <= maxTypos && editDistance(known, name) <= maxTypos;
}

/** Letters to insert, delete or replace to turn one text into the other (Levenshtein distance). */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...from].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...to].entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}
