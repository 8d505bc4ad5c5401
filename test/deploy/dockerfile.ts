import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

/** One line of a Dockerfile, continuation lines joined. */
interface Instruction {
  readonly keyword: string;
  readonly text: string;
}

export interface Stage {
  /** Its name after AS; undefined for the last stage. */
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

/** What the last stage says about the container that runs it. */
export interface ImageSettings {
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly userId: number;
  readonly groupId: number;
  readonly command: readonly string[];
  readonly healthCheck: readonly string[];
}

export interface BuildOptions {
  /** The context that COPY reads. */
  readonly contextFolder: string;
  /** An existing folder that receives a root folder for each stage. */
  readonly targetFolder: string;
  /** Executes a RUN instruction in the working folder of its stage. */
  readonly run: (command: string, folder: string) => Promise<void>;
}

export function parseDockerfile(text: string): readonly Stage[] {
  const lines = text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .filter(Boolean);
  const instructions = lines.map((line) => {
    const [, keyword = '', rest = ''] = /^(\w+) (.*)$/.exec(line) ?? [];
    return { keyword, text: rest };
  });
  const starts = instructions.flatMap(({ keyword }, index) => (keyword === 'FROM' ? [index] : []));
  return starts.map((start, index) => ({
    name: / AS (\w+)$/.exec(instructions[start]?.text ?? '')?.[1],
    instructions: instructions.slice(start + 1, starts[index + 1]),
  }));
}

/**
 * Executes the COPY, RUN and WORKDIR instructions of every stage. Returns the root folder of the last stage. The stages
 * before the last one copy nothing from each other, so they run at the same time, as Docker runs them.
 */
export async function buildImageRoot(stages: readonly Stage[], options: BuildOptions): Promise<string> {
  await Promise.all(stages.slice(0, -1).map((stage) => buildStage(stage, options)));
  for (const stage of stages.slice(-1)) await buildStage(stage, options);
  return rootOf(undefined, options);
}

export function imageSettings({ instructions }: Stage): ImageSettings {
  const textOf = (keyword: string) => instructions.findLast((each) => each.keyword === keyword)?.text ?? '';
  const [userId, groupId] = textOf('USER').split(':').map(Number);
  if (!userId || !groupId)
    throw new Error(`Expected USER to be two numbers other than 0, got ${textOf('USER')}`);
  return {
    workingFolder: textOf('WORKDIR'),
    environment: Object.fromEntries(
      textOf('ENV')
        .split(' ')
        .map((pair) => pair.split('=') as [string, string]),
    ),
    userId,
    groupId,
    command: JSON.parse(textOf('CMD')),
    healthCheck: JSON.parse(textOf('HEALTHCHECK').replace(/^.*? CMD /, '')),
  };
}

async function buildStage({ name, instructions }: Stage, options: BuildOptions): Promise<void> {
  const root = rootOf(name, options);
  let folder = root;
  for (const { keyword, text } of instructions) {
    if (keyword === 'WORKDIR') {
      folder = join(root, text);
      await mkdir(folder, { recursive: true });
    }
    if (keyword === 'COPY') await copy(text, folder, options);
    if (keyword === 'RUN') await options.run(text, folder);
  }
}

/** A folder is copied under its new name, and files go into an existing folder, as Docker does with these arguments. */
async function copy(text: string, folder: string, options: BuildOptions): Promise<void> {
  const [, stage, paths = ''] = /^(?:--from=(\w+) )?(.*)$/.exec(text) ?? [];
  const sourceFolder = stage ? rootOf(stage, options) : options.contextFolder;
  const sources = paths.split(' ');
  const target = join(folder, sources.pop() ?? '');
  for (const source of sources) {
    const copied = target.endsWith('/') ? join(target, basename(source)) : target;
    await promisify(execFile)('cp', ['--recursive', join(sourceFolder, source), copied]);
  }
}

function rootOf(stage: string | undefined, { targetFolder }: BuildOptions): string {
  return join(targetFolder, stage ?? 'image');
}
