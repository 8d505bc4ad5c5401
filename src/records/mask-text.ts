import { callingCode } from '../catalogue/calling-code.js';

/** What stands for a text of which nothing may be seen. */
const hidden = '***';
/** A phone number as people and carriers write it: digits, with a plus sign before and separators between. */
const wholeNumber = /^\+?[\d ().-]+$/;
/** Digits in a number that is international; a shorter one is a short code or an extension, and shows nothing. */
const minDigits = 7;
const lastDigits = 2;
/**
 * The same inside of other text, or several that somebody wrote as one. It begins and ends at no letter or digit, so that
 * ids in hex stay as they are.
 */
const numberInText = /(?<![A-Za-z0-9])\+?\d(?:[ ().-]?\d){6,63}(?![A-Za-z0-9])/g;
/** It is looked for from the beginnings of words only: from everywhere, a long word would take minutes. */
const address = /(?<!\S)\S+@\S+/g;

/** A phone number without its middle, so that country and caller's memory can still tell it; of all else nothing. */
export function maskText(text: string): string {
  const digits = text.replace(/\D/g, '');
  if (!wholeNumber.test(text) || isNetworkAddress(text) || digits.length < minDigits) return hidden;
  const prefix = callingCode(digits);
  const middle = '*'.repeat(digits.length - prefix.length - lastDigits);
  return `${prefix}${middle}${digits.slice(-lastDigits)}`;
}

/** A text that somebody wrote freely, with the numbers and addresses in it masked. */
export function maskWithin(text: string): string {
  return text.replace(address, hidden).replace(numberInText, maskText);
}

function isNetworkAddress(text: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(text);
}
