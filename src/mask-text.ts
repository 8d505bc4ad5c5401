import { idShape, isVonageId } from './catalogue/ids.js';

/** Replacement of a fully masked text. */
const hidden = '***';
/** A phone number as people and carriers write it: digits, with a plus sign before and separators between. */
const wholeNumber = /^\+?[\d ().-]+$/;
/** Digits in a number that is international; a shorter one is a short code or an extension, and shows nothing. */
const minDigits = 7;
const lastDigits = 2;
/** One or several adjoining numbers in other text, with digits and separators of any script. */
const numberInText = /\+?\p{N}(?:[^\p{L}\p{N}]{0,6}\p{N}){6,}/gu;
/** Digits of one word, with letters and other characters between them. */
const digitsInWord = /\p{N}(?:[^\s\p{N}]{0,6}\p{N}){8,}/gu;
/** What may be an identifier in hex, which has digits by chance: a UUID, also without its last digit, or a long word. */
const longHex = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{11,12}|[0-9a-f]{16,}/gi;
/** More digits in a row than most identifiers in hex have by chance; hyphens of a UUID count as nothing. */
const tooManyDigits = /\d{9}|(?:\d-?){10}/;
/** Words in a row that hold no digit. Matches only from the start of a word, and reads each character once. */
const wordsWithoutDigit = /(?<!\S)[^\s\p{N}]+(?!\S)(?:\s+[^\s\p{N}]+(?!\S))*/gu;
const letterOrDigit = /[\p{L}\p{N}]/u;
/** Matches only from the start of a word, because matching from every position of a long word would take minutes. */
const address = /(?<!\S)\S+(?:[@\uFE6B\uFF20]|\s?[([{<]\s?at\s?[)\]}>]\s?)\S+/giu;

/** Masks the middle of a phone number, so that its country and last digits stay visible. Masks any other text fully. */
export function maskText(text: string): string {
  const digits = text.replace(/\D/g, '');
  if (!wholeNumber.test(text) || isNetworkAddress(text) || digits.length < minDigits) return hidden;
  const prefix = callingCode(digits);
  const middle = '*'.repeat(digits.length - prefix.length - lastDigits);
  return `${prefix}${middle}${digits.slice(-lastDigits)}`;
}

/** A free text with its numbers and addresses masked. */
export function maskWithin(text: string): string {
  const rest = text.replace(address, hidden);
  let [masked, from] = ['', 0];
  for (const { 0: hex, index } of rest.matchAll(longHex)) {
    if (!isIdentifier(hex, rest.charAt(index - 1), rest.charAt(index + hex.length))) continue;
    masked += maskNumbers(rest.slice(from, index)) + hex;
    from = index + hex.length;
  }
  return masked + maskNumbers(rest.slice(from));
}

/**
 * A text that persons write freely, of which only references are left: words with a digit, which no name has. Their
 * numbers and addresses are masked, too.
 */
export function maskWords(text: string): string {
  return maskWithin(text).replace(wordsWithoutDigit, hidden);
}

function maskNumbers(text: string): string {
  const masked = text.replace(digitsInWord, (digits) => (isDisguisedNumber(digits) ? hidden : digits));
  return masked.replace(numberInText, maskText);
}

/** The forms of most ids: 16 hex digits or a UUID, with a letter. */
const usualId = /^(?=[\d-]*[a-f])(?:[0-9a-f]{16}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/**
 * Whether every caller may see an id: it is one, and no phone number in the place of one. An id in one of
 * Vonage's forms has digits by chance, but a long one has letters, too.
 */
export function isPublicId(text: string): boolean {
  // Each record of a response is asked, so the usual case needs one match.
  if (usualId.test(text)) return true;
  const rest = text.replace(/^(?:CON-|vn-|1_)/i, '');
  const isInKnownForm = idShape(text) !== 'other' && /[a-z]/i.test(rest);
  return isVonageId(text) && (isInKnownForm || !holdsPhoneNumber(text));
}

/**
 * Whether a word is, or holds, a phone number. Sixteen digits are none: the id of a message in 16 hex digits can have no
 * letter by chance, and no phone number is so long.
 */
function holdsPhoneNumber(word: string): boolean {
  const numbers = word.match(digitsInWord) ?? [];
  return (
    !/^\d{16}$/.test(word) && numbers.some((digits) => !/\p{L}/u.test(digits) || isDisguisedNumber(digits))
  );
}

/** Whether letters stand between the digits, and fewer letters than digits. */
function isDisguisedNumber(digits: string): boolean {
  const letters = digits.match(/\p{L}/gu)?.length ?? 0;
  return letters > 0 && 2 * letters < digits.length;
}

/** Whether a match is a separate word with several letters and fewer digits in a row than most phone numbers. */
function isIdentifier(hex: string, before: string, after: string): boolean {
  const isOfIdentifiers = /(?:[a-f].*){3}/i.test(hex) && !tooManyDigits.test(hex);
  return isOfIdentifiers && !letterOrDigit.test(before) && !letterOrDigit.test(after);
}

function isNetworkAddress(text: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(text);
}

/**
 * Country calling codes of two digits (ITU-T E.164, list of assigned codes). Those of North America and of Russia and
 * Kazakhstan have one digit; all others have three.
 */
const codesOfTwoDigits = /^(?:2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;

/** The country calling code that an international number begins with. */
export function callingCode(digits: string): string {
  if (/^[17]/.test(digits)) return digits.slice(0, 1);
  return digits.slice(0, codesOfTwoDigits.test(digits) ? 2 : 3);
}
