import { isIP } from 'node:net';

const loopback = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1|\[::1\])$/i;
const hostForm = /^([a-z0-9_][a-z0-9._-]{0,252}|\[[0-9a-f:.]{2,45}\])$/i;

/** Tells whether a host is this machine itself, so that no other machine can reach it. Takes the host of a URL, too. */
export function isLoopback(host: string): boolean {
  return loopback.test(host);
}

/** Tells whether a text is a host name, an IPv4 address or an IPv6 address in brackets, without a port. */
export function isHost(text: string): boolean {
  return hostForm.test(text);
}

/** Tells whether a text is a host name or an IP address, as a server listens on it: an IPv6 address has no brackets. */
export function isListenHost(text: string): boolean {
  return isIP(text) !== 0 || (isHost(text) && !text.startsWith('['));
}

/** Tells whether a text is an http or https URL without a user name and a password. */
export function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}

/** Tells whether a text is an origin exactly as a browser writes it in the `Origin` header, without `*`. */
export function isOrigin(text: string): boolean {
  return isHttpUrl(text) && new URL(text).origin === text && !text.includes('*');
}

/** Tells whether others can read or change on the network what goes to an http or https URL. */
export function isUnencrypted(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol !== 'https:' && !isLoopback(hostname);
}
