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
