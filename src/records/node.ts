import { Field, ID, InterfaceType } from '../type-graphql.js';

@InterfaceType({ description: 'Anything with a global id; `node(id:)` finds it again.' })
export abstract class Node {
  @Field(() => ID, { description: 'Global id: opaque, URL-safe, stable; never build or parse one.' })
  readonly id!: string;
}
