/** Holds the arrows, the purity and the budgets; the rules themselves are in test/architecture. */
import { ARROWS } from './architecture/arrows';
import { isIn, type Rule } from './architecture/rule';
import { PURITY } from './architecture/purity';
import { REPOSITORY_RULES } from './architecture/repository';
import { STYLE } from './architecture/style';
import { readRepository, repositoryFile } from './support/source-files';

const repository = readRepository();

describe.each([
  { subject: 'arrows', rules: ARROWS },
  { subject: 'purity', rules: PURITY },
  { subject: 'style', rules: STYLE },
  { subject: 'repository', rules: REPOSITORY_RULES },
])('the $subject of the code', ({ rules }) => {
  it.each(rules)('$title', (rule) => {
    const broken = repository.flatMap((file) =>
      rule.finds(file).map((place) => `  ${file.path}: ${place}`),
    );
    if (broken.length > 0) throw new Error(lesson(rule, broken));
  });

  it.each(rules)('would notice a file that breaks: $title', (rule) => {
    expect(rule.finds(repositoryFile(...rule.example))).not.toEqual([]);
  });
});

describe('the reading of the code', () => {
  it('sees every room and every ring', () => {
    for (const folder of ['src/domain', 'src/flows', 'src', 'test', 'test/support']) {
      expect(repository.some((file) => isIn(file, folder))).toBe(true);
    }
  });

  it('counts imports of every form, those of types included', () => {
    const { imports } = repositoryFile(
      'src/a.ts',
      "import type { A } from 'a';\nexport { b } from 'b';\nimport c = require('c');\n" +
        "const d = require('d');\nconst e = import('e');\ntype F = import('f').F;\nimport 'g';",
    );
    expect(imports.map(({ what }) => what)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  });

  it('takes no string, pattern or member name for a comment or a use', () => {
    const { comments, uses } = repositoryFile(
      'src/a.ts',
      "const a = '// TODO'; const b = /\\/\\* any/; const c = { process: `/* ${a} // b */` };",
    );
    expect(comments).toEqual([]);
    expect(uses.map(({ what }) => what)).toEqual(['a']);
  });

  it('counts the lines of a function, without the blocks of tests inside', () => {
    const { functions } = repositoryFile(
      'test/a.ts',
      "function suite() {\n  describe('x', () => {\n    it('y', () => {\n    });\n  });\n}",
    );
    expect(functions.map(({ length }) => length)).toEqual([2, 0, 2]);
  });
});

function lesson(rule: Rule, broken: readonly string[]): string {
  return `${rule.lesson}\n${broken.join('\n')}`;
}
