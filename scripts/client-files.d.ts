/** The files that a client's tools read, as texts by file name. */
export function clientFiles(sdl: string): Readonly<Record<string, string>>;
