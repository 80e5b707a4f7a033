/** Budgets, names and what a file may not hold, for src, test and scripts alike. */
import type { RepositoryFile } from '../support/source-files';
import { at, isCode, isIn, usesOf, type Rule } from './rule';

const MOST_LINES = 250;
const MOST_FUNCTION_LINES = 50;
const MOST_COLUMNS = 100;

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|contract|d))?\.[a-z0-9]+$/;
const KEBAB_FOLDER = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const DRAWERS = /^(utils?|helpers?|common|services?|shared|misc|lib)$/;

/** Jest itself calls the default export of these. */
const JEST_HOOKS = /^test\/support\/global-[a-z-]+\.ts$/;

export const STYLE: readonly Rule[] = [
  {
    title: `keeps a file within ${MOST_LINES} lines`,
    lesson:
      `A file longer than ${MOST_LINES} lines holds two concepts, and nobody reads it whole. ` +
      'That is a design question: find the second concept, and give it a file and a name.',
    finds: (file) =>
      isCode(file) && file.lines.length > MOST_LINES ? [`has ${file.lines.length} lines`] : [],
    example: ['src/jobs/a.ts', '/** A. */\n'.repeat(MOST_LINES + 1)],
  },
  {
    title: `keeps a function within ${MOST_FUNCTION_LINES} lines`,
    lesson:
      `A function longer than ${MOST_FUNCTION_LINES} lines cannot be held in mind at once. Name ` +
      'its steps, and call them; in a test, name the preparation. Blocks of describe do not count.',
    finds: (file) =>
      file.functions
        .filter(({ length }) => length > MOST_FUNCTION_LINES)
        .map((fact) => `${at(fact)} has ${fact.length} lines`),
    example: ['test/a.test.ts', `it('is long', () => {${'\n'.repeat(MOST_FUNCTION_LINES)}});`],
  },
  {
    title: `keeps a line within ${MOST_COLUMNS} characters`,
    lesson:
      `A line longer than ${MOST_COLUMNS} characters does not fit beside its neighbour in a ` +
      'review. Break it, or name a part of it.',
    finds: (file) =>
      isCode(file)
        ? file.lines.flatMap((line, index) =>
            [...line].length > MOST_COLUMNS ? [`line ${index + 1} has ${[...line].length}`] : [],
          )
        : [],
    example: ['scripts/a.ts', `// ${'x'.repeat(MOST_COLUMNS)}`],
  },
  {
    title: 'names files and folders in kebab-case, after what they hold',
    lesson:
      'A file is named in kebab-case after the one thing it exports, so that it is found by ' +
      'name on every system. A folder called utils, helpers, common or services says nothing ' +
      'and collects everything: name it after the concept, or split it.',
    finds: (file) => (isIn(file, 'src', 'test', 'scripts') ? badNames(file.path) : []),
    example: ['src/http/utils/sendJson.ts', '/** A. */'],
  },
  {
    title: 'opens every source file with its job',
    lesson:
      'The first line says in one sentence what the file does and where it stops, so that a ' +
      'reader knows whether to read on. Begin the file with /** … . */.',
    finds: (file) =>
      /^src\/.*\.ts$/.test(file.path) && !/^\/\*\*[\s*]+\S[^]*?[.!?]\s*\*\//.test(file.text)
        ? ['opens without a sentence about its job']
        : [],
    example: ['src/jobs/a.ts', 'export const a = 1; /** Said. */'],
  },
  {
    title: 'exports by name, from where the thing stands',
    lesson:
      'A barrel or a default export hides where a thing stands and gives it two names. Export ' +
      'by name, import from the file itself, and delete the index.ts.',
    finds: (file) => {
      if (!isIn(file, 'src', 'test', 'scripts') || JEST_HOOKS.test(file.path)) return [];
      const barrel = /(^|\/)index\.[mc]?ts$/.test(file.path) ? ['is a barrel'] : [];
      return [...barrel, ...file.exports.map((fact) => `exports ${at(fact)}`)];
    },
    example: ['src/jobs/a.ts', "/** A. */\nexport * from './b';"],
  },
  {
    title: 'silences neither the compiler nor the linter',
    lesson:
      'any, @ts-ignore and eslint-disable switch off the reader that never tires. Say the type ' +
      '(unknown, and a zod schema, for what comes from outside); @ts-expect-error is for tests ' +
      'that show a refusal.',
    finds: (file) => [...usesOf(file, 'any'), ...silencers(file).map((fact) => `holds ${fact}`)],
    example: ['src/jobs/a.ts', '/** A. */\n// eslint-disable-next-line\nexport const a = 1;'],
  },
  {
    title: 'skips no test and mocks no module',
    lesson:
      'A skipped test is a law switched off, and a mocked module tests the mock. Mend or delete ' +
      'the test; give the function its deps, and a fake that a contract suite keeps honest.',
    finds: (file) => [
      ...usesOf(file, /^(describe|it|test)\.(\w+\.)*(skip|only|todo|failing)\b/),
      ...usesOf(file, /^([xf](it|describe|test))$/),
      ...usesOf(file, /^jest\.(do|un|dont|set|enable|disable)?(auto)?mock\b/i),
      ...usesOf(file, /^jest\.(unstable_mockModule|requireActual|requireMock)$/),
    ],
    example: ['test/a.test.ts', "it.skip('credits once', () => {});"],
  },
  {
    title: 'marks with NOTE and TODO only, and a TODO says when',
    lesson:
      'Two markers are enough, and a TODO without a condition is never done. Write ' +
      'TODO(when …) with what must have happened first, or do it now.',
    finds: (file) =>
      remarks(file)
        .filter(({ what }) => /\b(FIXME|XXX|HACK|TBD|WIP)\b|\bTODO\b(?!\(when \S)/.test(what))
        .map(at),
    example: ['src/jobs/a.ts', '/** A. */\n// TODO tidy up'],
  },
];

function badNames(path: string): readonly string[] {
  const [name = '', ...folders] = path.split('/').reverse();
  const drawers = folders.filter((folder) => DRAWERS.test(folder) || !KEBAB_FOLDER.test(folder));
  const isNamedWell = KEBAB.test(name) || name === 'README.md';
  return [...drawers.map((folder) => `folder ${folder}`), ...(isNamedWell ? [] : [`file ${name}`])];
}

function silencers(file: RepositoryFile): readonly string[] {
  const isTest = isIn(file, 'test');
  return file.comments
    .filter(
      ({ what }) =>
        /@ts-(ignore|nocheck)|eslint-disable/.test(what) ||
        (!isTest && /@ts-expect-error/.test(what)),
    )
    .map(at);
}

/** The comments of TypeScript; other code is small, and is taken as a whole. */
function remarks(file: RepositoryFile): readonly { what: string; line: number }[] {
  if (!isCode(file) || file.path.endsWith('.ts')) return file.comments;
  return file.lines.map((what, index) => ({ what, line: index + 1 }));
}
