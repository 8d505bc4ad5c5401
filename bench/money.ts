export async function benchMoney(): Promise<void> {}
