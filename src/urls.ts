const loopback = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1|\[::1\])$/i;

/** Tells whether a host, as an address to listen on or as a URL has it, is this machine itself and no other can reach it. */
export function isLoopback(host: string): boolean {
  return loopback.test(host);
}
