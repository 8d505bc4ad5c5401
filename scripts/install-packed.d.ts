/** Packs the built gateway, and installs it with production packages only in a project that it makes in a folder. */
export function installPacked(folder: string): void;
