/** Options of a field that Vonage may leave out: every field of a usage record is one. */
export function nullable(description: string): { readonly nullable: true; readonly description: string } {
  return { nullable: true, description };
}
