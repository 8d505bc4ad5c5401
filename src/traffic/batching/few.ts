/** A set that takes no more room than its one member until it has two, since most never have. */
export class Few<Member extends object> implements Iterable<Member> {
  #only: Member | undefined;
  #all: Set<Member> | undefined;

  get size(): number {
    return this.#all?.size ?? (this.#only ? 1 : 0);
  }

  has(member: Member): boolean {
    return this.#all?.has(member) ?? this.#only === member;
  }

  add(member: Member): void {
    if (this.#all) this.#all.add(member);
    else if (!this.#only || this.#only === member) this.#only = member;
    else this.#all = new Set([this.#only, member]);
  }

  delete(member: Member): boolean {
    if (this.#all) return this.#all.delete(member);
    if (this.#only !== member) return false;
    this.#only = undefined;
    return true;
  }

  clear(): void {
    this.#only = undefined;
    this.#all = undefined;
  }

  /** Goes on when a member is taken out meanwhile. */
  [Symbol.iterator](): Iterator<Member> {
    const members = this.#all ?? (this.#only ? [this.#only] : []);
    return members[Symbol.iterator]();
  }
}
