import { Field as BaseField, Extensions } from '../type-graphql.js';

/**
 * What a field says about persons. It decides what a caller without the scope sees, and the federation tag `pii`. Numbers
 * and addresses inside any text need `records:numbers`, too.
 *
 * - `plain`: words of Vonage, a carrier or a network, never about the person behind a number.
 * - `personal`: a number, name, address or user, or what is known about one. Needs `records:numbers`.
 * - `free text`: the sender or a carrier may write anything, also about a person. Words without a digit need
 *   `records:numbers`.
 * - `content`: what was said or written. Needs `records:content`.
 */
export type Privacy = 'plain' | 'personal' | 'free text' | 'content';

/** Options of a field that Vonage may leave out: every field of a usage record is one. */
export interface RecordFieldOptions {
  readonly nullable?: boolean;
  readonly description: string;
  readonly deprecationReason?: string;
  readonly privacy?: Privacy;
}

type TypeFunction = NonNullable<Parameters<typeof BaseField>[0]>;

/** Declares a field of a record type. Its privacy travels in the extensions of the GraphQL field. */
export function Field(type: TypeFunction, { privacy, ...options }: RecordFieldOptions): PropertyDecorator {
  return (target, name) => {
    BaseField(type, options)(target, name);
    if (privacy) Extensions({ privacy })(target, name);
  };
}

/** A field that holds no text: an id, a number, a time, a flag or a value of a closed list. */
export function nullable(description: string): RecordFieldOptions {
  return { nullable: true, description };
}

/** A text that is never about a person. */
export function plain(description: string): RecordFieldOptions {
  return { nullable: true, description, privacy: 'plain' };
}

/** A value that belongs to a person or says something about one; text of it is masked, any other value is null. */
export function personal(description: string): RecordFieldOptions {
  return { nullable: true, description, privacy: 'personal' };
}

/** A text that senders and carriers write freely. */
export function freeText(description: string): RecordFieldOptions {
  return { nullable: true, description, privacy: 'free text' };
}

/** What was said or written. */
export function content(description: string): RecordFieldOptions {
  return { nullable: true, description, privacy: 'content' };
}
