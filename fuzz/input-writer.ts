import type fc from 'fast-check';
import {
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isListType,
  isNonNullType,
  isScalarType,
} from 'graphql';
import type { Chooser } from './chooser.js';
import { graphqlLiteral } from './graphql-literal.js';
import { hostileJson } from './hostile-json.js';

/** A variable of a document. */
export interface WrittenVariable {
  /** Type and default value as the operation declares them. */
  readonly declaration: string;
  /** Value that the request sends, or undefined for none. */
  readonly value: unknown;
}

interface WrittenArgument {
  readonly name: string;
  readonly type: GraphQLInputType;
}

export interface InputWriterOptions {
  readonly choose: Chooser;
  /** Ids in every format. */
  readonly ids: fc.Arbitrary<string>;
  /** Valid and invalid type names for references to entities. */
  readonly entityNames: readonly string[];
}

/** Names that JavaScript objects inherit. */
const oddNames = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
const listLengths = [0, 1, 1, 2, 3, 5, 25];
const keysOfEntities = ['id', 'messageId', 'callId', 'requestId', 'rowId', 'accountId', 'vonageId'];

/** Writes arguments as literals or variables. Most fit their types. Collects the variables. */
export class InputWriter {
  readonly variables = new Map<string, WrittenVariable>();
  readonly #choose: Chooser;
  readonly #ids: fc.Arbitrary<string>;
  readonly #entityNames: readonly string[];

  constructor({ choose, ids, entityNames }: InputWriterOptions) {
    this.#choose = choose;
    this.#ids = ids;
    this.#entityNames = entityNames;
  }

  /** Returns the text of an argument's value. Calls `onVariable` with the name if the value is a variable. */
  write({ name: argument, type }: WrittenArgument, onVariable: (name: string) => void): string {
    if (argument === 'accountId' && this.#choose.chance(80)) return '"abcd1234"';
    if (!this.#choose.chance(50)) return this.#literal(this.#valueOf(type), type);
    const name = this.#newName();
    this.variables.set(name, this.#variable(type));
    onVariable(name);
    return `$${name}`;
  }

  /** A variable of a non-null type can have a nullable type with a default. */
  #variable(type: GraphQLInputType): WrittenVariable {
    const hasDefault = this.#choose.chance(25);
    const declared = hasDefault ? `${getNullableType(type)}` : `${type}`;
    const fallback = hasDefault
      ? ` = ${graphqlLiteral(this.#valueOf(getNullableType(type)) ?? 'a', type)}`
      : '';
    const isLeftOut = (hasDefault || !isNonNullType(type)) && this.#choose.chance(30);
    const value = isLeftOut
      ? this.#choose.pick([undefined, undefined, undefined, undefined, null])
      : this.#valueOf(type);
    return { declaration: `${declared}${fallback}`, value };
  }

  #literal(value: unknown, type: GraphQLInputType): string {
    const isPlain =
      typeof value === 'string' && /^[^"\\]*$/.test(value) && !isEnumType(getNullableType(type));
    return isPlain && this.#choose.chance(5) ? `"""${value}"""` : graphqlLiteral(value, type);
  }

  #valueOf(type: GraphQLInputType): unknown {
    if (isNonNullType(type)) return this.#valueOf(type.ofType);
    if (isListType(type)) {
      const length = this.#choose.pick(listLengths);
      return Array.from({ length }, () => this.#valueOf(type.ofType));
    }
    if (isEnumType(type)) return this.#choose.pick(type.getValues()).name;
    return isScalarType(type) ? this.#scalar(type.name) : {};
  }

  #scalar(name: string): unknown {
    if (name === 'Boolean') return this.#choose.chance(50);
    if (name === 'Int') return this.#choose.int(-5, 5);
    if (name === '_Any') return this.#representation();
    return this.#choose.take(this.#choose.chance(1) ? hostileJson : this.#ids);
  }

  #representation(): unknown {
    if (this.#choose.chance(10)) return this.#choose.take(hostileJson);
    const key = this.#choose.pick(keysOfEntities);
    const value = this.#choose.chance(90) ? this.#choose.take(this.#ids) : this.#choose.take(hostileJson);
    const typeName = this.#choose.pick(this.#entityNames);
    return { __typename: typeName, [key]: value, ...(this.#choose.chance(20) && { accountId: 'abcd1234' }) };
  }

  #newName(): string {
    const odd = this.#choose.pick(oddNames);
    const isTaken = this.variables.has(odd) || !this.#choose.chance(4);
    return isTaken ? `v${this.variables.size}` : odd;
  }
}
