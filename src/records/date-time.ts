/**
 * Vonage has written `+0000` (2020), `+00:00` (since 2021), milliseconds with `Z` (conversations, network events), and
 * once `2024-3-22 11:24:05+00:00`. Seconds may be missing, a comma may stand before their fraction, as ISO 8601 allows,
 * and a zone may be hours alone. A time without a zone is UTC, as every zone in the samples is.
 */
const vonageTime =
  /^(\d{4})-(\d{1,2})-(\d{1,2})[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?$/i;

/** The same in UTC, on a day that every month has: such a time holds its RFC 3339 text already. */
const plainUtcTime =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?(?:Z|\+00:?00)$/;

/** A time in any of Vonage's formats as RFC 3339 writes it, or undefined for text that is none of them. */
export function vonageTimeText(text: string): string | undefined {
  const trimmed = text.trim();
  return plainUtcTime.test(trimmed) ? plainText(trimmed) : parseVonageTime(trimmed)?.toISOString();
}

function plainText(trimmed: string): string {
  return trimmed[19] === '.' ? `${trimmed.slice(0, 23)}Z` : `${trimmed.slice(0, 19)}.000Z`;
}

/** The moment that any of Vonage's formats names, or undefined for text that is none of them. */
export function parseVonageTime(text: string): Date | undefined {
  const trimmed = text.trim();
  if (plainUtcTime.test(trimmed)) return new Date(plainText(trimmed));
  const match = vonageTime.exec(trimmed);
  if (!match) return undefined;
  const [
    ,
    year = '',
    month = '',
    day = '',
    hour = '',
    minute = '',
    second = '00',
    fraction = '0',
    zone = 'Z',
  ] = match;
  const date = [year, twoDigits(month), twoDigits(day)].join('-');
  const time = [twoDigits(hour), minute, second].join(':');
  const moment = new Date(`${date}T${time}.${fraction.slice(0, 3)}${rfc3339Zone(zone)}`);
  // The engine rolls 30 February over into March; such a date is an error in the row, not a day in March.
  const rolledOver = new Date(`${date}T00:00:00Z`).getUTCDate() !== Number(day);
  return Number.isNaN(moment.getTime()) || rolledOver || !hasFourDigitYear(moment) ? undefined : moment;
}

/** A zone can move the first or the last day of the calendar to a year that RFC 3339 cannot write. */
function hasFourDigitYear(moment: Date): boolean {
  const year = moment.getUTCFullYear();
  return year >= 0 && year <= 9999;
}

function twoDigits(text: string): string {
  return text.padStart(2, '0');
}

function rfc3339Zone(zone: string): string {
  if (zone.length === 1) return 'Z';
  const digits = zone.replace(':', '').slice(1).padEnd(4, '0');
  return `${zone.charAt(0)}${digits.slice(0, 2)}:${digits.slice(2)}`;
}
