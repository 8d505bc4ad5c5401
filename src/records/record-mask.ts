import type { WireRow } from './base.js';
import { maskText, maskWithin } from './mask-text.js';
import { type RecordShape, unknownKeys } from './record-shape.js';

/**
 * Fields, by name, whose values belong to a person or tell about one: numbers and names, addresses, the text of messages,
 * identifiers of an application's users. A name means the same in every record type. `raw` may hold any of them.
 */
export const personalFields: ReadonlySet<string> = new Set([
  'changedFrom',
  'firstName',
  'forcedFrom',
  'from',
  'fromMemberId',
  'fromUserId',
  'ipAddress',
  'lastName',
  'messageBody',
  'msisdn',
  'number',
  'otherIds',
  'raw',
  'requestParams',
  'responseResult',
  'to',
  'userId',
]);

/** What of records a caller may see. */
export interface Visibility {
  /** Phone numbers, addresses and names as they are, not masked. */
  readonly numbers: boolean;
  /** What was said or written. */
  readonly content: boolean;
}

/** Shows everything. */
export const fullVisibility: Visibility = Object.freeze({ numbers: true, content: true });

/** Fields in which customers and carriers write what they like. */
const freeTextFields: ReadonlySet<string> = new Set([
  'accountRef',
  'clientRef',
  'errorCodeDescription',
  'statusDescription',
]);

/** Makes of a row what a caller may see of it. */
export type RecordMask = (row: WireRow, sees: Visibility) => WireRow;

/**
 * Compiles the mask of a record type. The row itself is masked, before any field is read from it, so that the fields and
 * `raw` cannot differ. A key that no field stands for is left out: nobody knows whether it is personal.
 */
export function compileMask(shape: RecordShape): RecordMask {
  const personal = wireNames(shape, (name) => personalFields.has(name) && name !== 'messageBody');
  const freeText = wireNames(shape, (name) => freeTextFields.has(name));
  return (row, sees) => {
    if (sees.numbers && sees.content) return row;
    const unknown = new Set(unknownKeys(row, shape));
    const entries = Object.entries(row).filter(
      ([key]) => !unknown.has(key) && (sees.content || key !== 'message_body'),
    );
    if (sees.numbers) return Object.fromEntries(entries);
    return Object.fromEntries(
      entries.map(([key, value]) => {
        if (personal.has(key)) return [key, maskValue(value)];
        return [key, freeText.has(key) && typeof value === 'string' ? maskWithin(value) : value];
      }),
    );
  };
}

function wireNames({ fields }: RecordShape, isMeant: (name: string) => boolean): ReadonlySet<string> {
  return new Set(fields.filter(({ name }) => isMeant(name)).flatMap(({ wire }) => wire));
}

/** An object or a list may hold anything anywhere, so nothing of it is shown. */
function maskValue(value: unknown): unknown {
  if (typeof value === 'string') return value === '' ? value : maskText(value);
  return typeof value === 'number' ? maskText(String(value)) : null;
}
