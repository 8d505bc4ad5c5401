const accountId = /^[A-Za-z0-9_-]{1,64}$/;

/** Tells whether a text can be the id of an account: 1 to 64 letters, digits, `-` or `_`. API keys look the same. */
export function isAccountId(text: string): boolean {
  return accountId.test(text);
}
