import { callingCode } from '../src/mask-text.js';

describe('the calling code of an international number', () => {
  test.each([
    ['the United States', '12025550123', '1'],
    ['Kazakhstan', '77011234567', '7'],
    ['Egypt', '201001234567', '20'],
    ['the United Kingdom', '447700900123', '44'],
    ['Germany', '4915112345678', '49'],
    ['Singapore', '6591234567', '65'],
    ['Japan', '819012345678', '81'],
    ['India', '919812345678', '91'],
    ['Turkey', '905321234567', '90'],
    ['South Sudan', '211912345678', '211'],
    ['Ireland', '353851234567', '353'],
    ['Czechia', '420601123456', '420'],
    ['Belize', '5016012345', '501'],
    ['Fiji', '6797012345', '679'],
    ['Hong Kong', '85291234567', '852'],
    ['Bangladesh', '8801712345678', '880'],
    ['Iraq', '9647901234567', '964'],
    ['Mongolia', '97688123456', '976'],
  ])('of %s follows from its first digits', (_country, number, code) => {
    expect(callingCode(number)).toBe(code);
  });
});
