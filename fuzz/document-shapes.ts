/**
 * Writes a document of about so many characters. Documents with different names are different documents.
 *
 * @param name a GraphQL name
 */
type DocumentShape = (name: string, characters: number) => string;

/** Repeats a text up to so many characters, but at least once. */
function fill(text: string, characters: number): string {
  return text.repeat(Math.max(1, Math.floor(characters / text.length)));
}

/** Repeats a text that differs each time, up to so many characters. */
function fillNumbered(textOf: (index: number) => string, characters: number): string {
  const parts: string[] = [];
  for (let length = 0, index = 0; length < characters; index += 1) {
    const part = textOf(index);
    parts.push(part);
    length += part.length + 1;
  }
  return parts.join(' ');
}

const padded =
  (padding: string): DocumentShape =>
  (name, characters) =>
    `{ ${name}: __typename ${fill(padding, characters)} }`;

const withText =
  (text: string, quote = '"'): DocumentShape =>
  (name, characters) =>
    `query ${name} { record(id: ${quote}${fill(text, characters)}${quote}) @skip(if: true) { id } }`;

const withIds =
  (idsOf: (characters: number) => string): DocumentShape =>
  (name, characters) =>
    `query ${name} { records(ids: ${idsOf(characters)}) @skip(if: true) { idsNotFound } }`;

const withFields =
  (fieldsOf: (characters: number) => string): DocumentShape =>
  (name, characters) =>
    `query ${name} { record(id: "15000000E1F8B123", product: SMS, direction: OUTBOUND) { ${fieldsOf(characters)} } }`;

/** Fields of at most 90 aliases, because more are refused before they are kept. */
const aliases = (field: string, characters: number) =>
  fillNumbered((index) => `alias${index}: ${field}`, Math.min(characters, 90 * (field.length + 10)));

/** Kinds of padding and shape by which documents take far more memory or time than their meaning needs. */
export const documentShapes: Readonly<Record<string, DocumentShape>> = {
  'empty comments': padded('#\n'),
  'long comments': padded(`#${'-'.repeat(200)}\n`),
  commas: padded(','),
  blanks: padded(' '),
  tabs: padded('\t'),
  'line feeds': padded('\n'),
  'carriage returns and line feeds': padded('\r\n'),
  'byte order marks': padded('\ufeff'),
  'every kind of padding': padded(' ,\t#x\r\n\ufeff'),
  'comments before the first token': (name, characters) =>
    `${fill('#\n', characters)}{ ${name}: __typename }`,
  'a long string': withText('a'),
  'escape sequences': withText('\\n'),
  'unicode escapes': withText('\\u20ac'),
  'two-byte characters': withText('€'),
  'a block string of many lines': withText('a\n', '"""'),
  'a block string of escapes': withText('\\""" ', '"""'),
  'literal ids': withIds((characters) => `[${fillNumbered((index) => `"id-${index}"`, characters)}]`),
  'nested lists': withIds((characters) => `${fill('[', characters / 2)}${fill(']', characters / 2)}`),
  'nested objects': withIds((characters) => `${fill('{a:', characters / 2)}1${fill('}', characters / 2)}`),
  'many numbers': withIds((characters) => `[${fill('1 ', characters)}]`),
  'aliased fields': withFields((characters) => aliases('vonageId', characters)),
  'repeated fields': withFields((characters) => fill('id vonageId ', Math.min(characters, 300))),
  'inline fragments': withFields((characters) =>
    fill('...on SmsOutboundRecord{to} ', Math.min(characters, 800)),
  ),
  'nested inline fragments': withFields(
    (characters) => `${fill('...{', characters / 2)}id${'}'.repeat(Math.max(1, Math.floor(characters / 8)))}`,
  ),
  'nested fields': withFields((characters) => `${fill('a{', characters / 2)}id${fill('}', characters / 4)}`),
  directives: withFields((characters) => `id ${fill('@skip(if: false) ', characters)}`),
  'a long name': (name, characters) => `query ${name}${'n'.repeat(characters)} { __typename }`,
  'variable definitions': (name, characters) =>
    `query ${name}(${fillNumbered((index) => `$v${index}: ID = 1`, characters / 2)}) { records(ids: [${fillNumbered((index) => `$v${index}`, characters / 4)}]) @skip(if: true) { idsNotFound } }`,
  'default values': (name, characters) =>
    `query ${name}($ids: [ID!]! = [${fill('"a" ', characters)}]) { records(ids: $ids) @skip(if: true) { idsNotFound } }`,
  'many operations': (name, characters) =>
    fillNumbered((index) => `query ${name}${index} { __typename }`, Math.min(characters, 3000)),
  'chained fragments': (name, characters) => {
    const links = Math.min(90, Math.max(1, Math.floor(characters / 40)));
    const chain = Array.from(
      { length: links },
      (_, index) => `fragment F${index + 1} on Query { ...F${index} }`,
    );
    return `query ${name} { ...F${links} } fragment F0 on Query { __typename } ${chain.join(' ')}`;
  },
  'spread fragments': (name, characters) =>
    `query ${name} { ${fill('...F ', characters)} } fragment F on Query { __typename }`,
  'an unfinished string': (name, characters) => `{ ${name}(a: "${fill('\\"', characters)}`,
  'an unfinished block string': (name, characters) => `{ ${name}(a: """${fill('"" ', characters)}`,
  'an unfinished comment': (name, characters) => `{ ${name} #${fill('#', characters)}`,
};
