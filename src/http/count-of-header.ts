/**
 * How often a request has a header. Of some Node keeps the first only, where a proxy in front may have gone by another.
 *
 * @param name in small letters
 */
export function countOfHeader(rawHeaders: readonly string[], name: string): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (rawHeaders[index]?.length === name.length && rawHeaders[index]?.toLowerCase() === name) count += 1;
  return count;
}
