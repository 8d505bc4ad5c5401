import ts from 'typescript';
import type { SourceFile } from './source-files.js';

/** How many functions `src` holds, and how many lines they take. */
export interface FunctionFigures {
  readonly functions: number;
  readonly medianLines: number;
  readonly p90Lines: number;
  readonly maxLines: number;
}

/**
 * Measures functions, methods, accessors, constructors and arrow functions, each with a block body of its own. A
 * function inside another counts in both. Decorators and comments above a function are not part of it.
 */
export function measureFunctions(files: readonly SourceFile[]): FunctionFigures {
  const lengths = files.flatMap(({ path, text }) => functionLengths(path, text)).sort((a, b) => a - b);
  return {
    functions: lengths.length,
    medianLines: percentile(lengths, 0.5),
    p90Lines: percentile(lengths, 0.9),
    maxLines: percentile(lengths, 1),
  };
}

function functionLengths(path: string, text: string): number[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  const lengths: number[] = [];
  const visit = (node: ts.Node): void => {
    if (hasBlockBody(node)) lengths.push(lineOf(source, node.end) - lineOf(source, startOf(node)) + 1);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return lengths;
}

function hasBlockBody(node: ts.Node): node is ts.FunctionLikeDeclaration {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined && ts.isBlock(node.body);
}

/** Where the function begins behind its decorators, which take many lines in a resolver. */
function startOf(node: ts.FunctionLikeDeclaration): number {
  const isDecorated = ts.canHaveDecorators(node) && ts.getDecorators(node) !== undefined;
  if (!isDecorated) return node.getStart();
  const modifier = node.modifiers?.find((each) => !ts.isDecorator(each));
  return (modifier ?? node.name ?? node).getStart();
}

function lineOf(source: ts.SourceFile, position: number): number {
  return source.getLineAndCharacterOfPosition(position).line;
}

/** The nearest-rank percentile of sorted values; 0 where there are none. */
function percentile(sorted: readonly number[], fraction: number): number {
  return sorted[Math.ceil(fraction * sorted.length) - 1] ?? 0;
}
