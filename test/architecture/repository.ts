/** What no file of the repository may name, whatever its kind. */
import type { Rule } from './rule';
import type { RepositoryFile } from '../support/source-files';

/** Absolute paths of the one machine on which somebody happened to work. */
const MACHINE_PATH = /(?<![\w.:~-])\/(?:work|root|tmp|home|Users)\/|\b[A-Z]:\\Users\\/;

/** Addresses of package registries, of mirrors in front of them, and ways to name one. */
const REGISTRY = new RegExp(
  [
    String.raw`\bregistry\.(?:npmjs|yarnpkg|npmmirror)\.`,
    String.raw`\bnpm\.pkg\.github\.`,
    String.raw`\bpypi\.(?:org|python)|\bpythonhosted\.`,
    String.raw`--regist(?:ry)\b|--(?:extra-)?index-u(?:rl)\b`,
    String.raw`\bregistry\s*=\s*\S`,
  ].join('|'),
);

export const REPOSITORY_RULES: readonly Rule[] = [
  {
    title: 'names no path of one machine',
    lesson:
      'A path that exists on one machine only breaks on every other one. Build paths from the ' +
      'repository, from DATA_DIR, or from the system (os.tmpdir(), a port or name it chooses).',
    finds: (file) => linesWith(file, MACHINE_PATH),
    example: ['.ci/run', `cd ${['', 'work', 'main'].join('/')}`],
  },
  {
    title: 'names no package registry',
    lesson:
      'Which registry a machine uses is its own business (a mirror, a proxy, none at all). Leave ' +
      "the address to the user's npm and pip configuration, and keep it out of the lock file " +
      '(omit-lockfile-registry-resolved).',
    finds: (file) => linesWith(file, REGISTRY),
    example: [
      'package-lock.json',
      `"resolved": "https://${['registry', 'npmjs.org'].join('.')}/a"`,
    ],
  },
];

function linesWith(file: RepositoryFile, pattern: RegExp): readonly string[] {
  return file.lines.flatMap((line, index) => {
    const match = pattern.exec(line);
    return match === null ? [] : [`${match[0]} (line ${index + 1})`];
  });
}
