/** How callers prove who they are, by the names that `AUTH_MODE` takes. */
export const authModes = ['none', 'token', 'jwt', 'basic'] as const;

export type AuthMode = (typeof authModes)[number];
