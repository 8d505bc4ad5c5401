import { resolvedInSteps } from '../../event-loop.js';
import type { ListedRecord, RecordList } from '../../operation/operation-service.js';
import { UsageRecord } from '../../records/base.js';
import type { PageStart } from '../../retrieval/pages/page.js';
import { Field, ObjectType } from '../../type-graphql.js';
import { encodeCursor, type ListParameters } from './list-cursor.js';

@ObjectType({ description: 'A record of a list, and its place.', simpleResolvers: true })
class RecordEdge {
  @Field(() => String, {
    description: 'The place behind this record, for the argument `after`. Opaque; never build or parse one.',
  })
  readonly cursor!: string;

  @Field(() => UsageRecord, { description: 'The record.' })
  readonly node!: UsageRecord;
}

@ObjectType({ description: 'Where a list stands, and whether it goes on.', simpleResolvers: true })
class PageInfo {
  @Field(() => Boolean, { description: 'Whether more records follow.' })
  readonly hasNextPage!: boolean;

  @Field(() => Boolean, {
    description: 'Always false: lists are read forward only.',
  })
  readonly hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first record. Null without records.' })
  readonly startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The place at which the list goes on, for the argument `after`. Null at the end of an empty list.',
  })
  readonly endCursor!: string | null;
}

@ObjectType({
  description:
    'Records of one product and account in a window of time, the earliest first within a page of Vonage. The order across ' +
    'pages is not promised. Vonage does not count the records of a window, so there is no total.',
  simpleResolvers: true,
})
export class RecordConnection {
  @Field(() => [RecordEdge], {
    description: 'The records with their cursors. Fewer than `first` where a page of Vonage ends.',
  })
  readonly edges!: readonly (RecordEdge | Promise<RecordEdge>)[];

  @Field(() => [UsageRecord], { description: 'The records without their cursors.' })
  readonly nodes!: readonly (UsageRecord | Promise<UsageRecord>)[];

  @Field(() => PageInfo, { description: 'Where the list stands, and whether it goes on.' })
  readonly pageInfo!: PageInfo;
}

/** Derives each field from a list, and only the fields that are selected. */
export class ListedConnection implements RecordConnection, PageInfo {
  readonly #parameters: ListParameters;
  readonly #start: PageStart | null;
  readonly #list: RecordList;

  /** @param start the page that the list is a part of */
  constructor(parameters: ListParameters, start: PageStart | null, list: RecordList) {
    this.#parameters = parameters;
    this.#start = start;
    this.#list = list;
  }

  get edges(): readonly (RecordEdge | Promise<RecordEdge>)[] {
    const cursorBehind = (offset: number) => this.#cursorBehind(offset);
    return resolvedInSteps(this.#list.records.map((listed) => new ListedEdge(listed, cursorBehind)));
  }

  get nodes(): readonly (UsageRecord | Promise<UsageRecord>)[] {
    return resolvedInSteps(this.#list.records.map(({ record }) => record));
  }

  get pageInfo(): PageInfo {
    return this;
  }

  get hasNextPage(): boolean {
    const { endOffset, pageLength, next } = this.#list;
    return endOffset < pageLength || next !== null;
  }

  get hasPreviousPage(): boolean {
    return false;
  }

  get startCursor(): string | null {
    const [first] = this.#list.records;
    return first ? this.#cursorBehind(first.offset + 1) : null;
  }

  /** Not the cursor of the last record: a page can have none that the caller may see, and the list goes on. */
  get endCursor(): string | null {
    if (this.#list.records.length === 0 && !this.hasNextPage) return null;
    return this.#cursorBehind(this.#list.endOffset);
  }

  /** Behind the last record of a page the next page begins, so that the page itself is not needed any more. */
  #cursorBehind(offset: number): string {
    const { untilMs, detail, pageLength, next } = this.#list;
    const place = offset >= pageLength && next ? { start: next, offset: 0 } : { start: this.#start, offset };
    return encodeCursor(this.#parameters, { untilMs, detail, ...place });
  }
}

class ListedEdge implements RecordEdge {
  readonly node: UsageRecord;
  readonly #offset: number;
  readonly #cursorBehind: (offset: number) => string;

  constructor({ record, offset }: ListedRecord, cursorBehind: (offset: number) => string) {
    this.node = record;
    this.#offset = offset;
    this.#cursorBehind = cursorBehind;
  }

  get cursor(): string {
    return this.#cursorBehind(this.#offset + 1);
  }
}
