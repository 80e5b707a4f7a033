/** Taking comments out of LSL. */
import { withoutComments } from '../../scripts/build-inworld/strip-comments';

describe('taking comments out', () => {
  it('takes out comments of both forms, and what they leave empty', () => {
    const source = '// job\ninteger a = 1; // why\n/* more\nof it */\ninteger b = 2;\n';
    expect(withoutComments(source)).toBe('integer a = 1;\ninteger b = 2;\n');
  });

  it.each([
    ['an address', 'string a = "https://host";'],
    ['a comment', 'string a = "/* no comment */";'],
    ['an escaped quote', String.raw`string a = "\" // still a string";`],
    ['an escaped backslash at its end', String.raw`string a = "\\"; string b = "//";`],
    ['several lines', 'string a = "one\n// two\nthree";'],
  ])('leaves %s in a string as it is', (_what, source) => {
    expect(withoutComments(source)).toBe(`${source}\n`);
  });

  it('does not take a quote in a comment for the start of a string', () => {
    expect(withoutComments('// don\'t say "so\ninteger a = 1;')).toBe('integer a = 1;\n');
  });

  it('keeps two words apart that only a comment parted', () => {
    expect(withoutComments('integer/* of */a = 1;')).toBe('integer a = 1;\n');
  });

  it('leaves a division a division', () => {
    expect(withoutComments('integer a = b / c / d;')).toBe('integer a = b / c / d;\n');
  });

  it('leaves one empty line after a function', () => {
    expect(withoutComments('f() {\n\n    g();\n}\n\n// next\n\nh() {\n}\n')).toBe(
      'f() {\n    g();\n}\n\nh() {\n}\n',
    );
  });
});
