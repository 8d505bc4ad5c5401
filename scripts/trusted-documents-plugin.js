import { createHash } from 'node:crypto';
import { concatAST, Kind, print, visit } from 'graphql';

/**
 * A plugin of graphql-codegen that writes a manifest of trusted documents: a JSON object of texts by
 * `sha256:<hash of the text>`. The text equals the output of `print` for the operation's typed document, so a client that
 * sends the document gets the same hash.
 */
export function plugin(_schema, files) {
  const { definitions } = concatAST(files.map(({ document }) => document));
  const fragments = new Map(
    definitions
      .filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
  const texts = definitions
    .filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
    .map((operation) =>
      print({ kind: Kind.DOCUMENT, definitions: [operation, ...fragmentsOf(operation, fragments)] }),
    );
  return `${JSON.stringify(Object.fromEntries(texts.map((text) => [idOf(text), text])), undefined, 2)}\n`;
}

/** Orders fragments as typed documents do: innermost dependencies first, then the others in order of appearance. */
function fragmentsOf(operation, fragments) {
  const direct = (name) => spreadsIn(fragments.get(name));
  const met = unique(spreadsIn(operation), (name, deeper) => [name, ...direct(name).flatMap(deeper)]);
  const needed = met.flatMap((name) =>
    unique(direct(name), (each, deeper) => [...direct(each).flatMap(deeper), each]),
  );
  return [...new Set([...needed, ...met])].map((name) => fragments.get(name));
}

function unique(names, walk) {
  const deeper = (name) => walk(name, deeper);
  return [...new Set(names.flatMap(deeper))];
}

function spreadsIn(definition) {
  const names = [];
  visit(definition, { [Kind.FRAGMENT_SPREAD]: ({ name }) => void names.push(name.value) });
  return [...new Set(names)];
}

function idOf(text) {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
