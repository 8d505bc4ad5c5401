export async function benchHot(): Promise<void> {}
