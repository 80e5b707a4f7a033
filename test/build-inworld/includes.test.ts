/** Including one source in another. */
import { withIncludes } from '../../scripts/build-inworld/includes';

const reading =
  (files: Readonly<Record<string, string>>) =>
  (path: string): string => {
    const text = files[path];
    if (text === undefined) throw new Error(`No such file: ${path}`);
    return text;
  };

describe('including sources', () => {
  it('puts a file in the place of the line that names it', () => {
    const read = reading({ 'a.lsl': 'first\n#include "b.lsl"\nlast', 'b.lsl': 'middle' });
    expect(withIncludes('a.lsl', read)).toBe('first\nmiddle\nlast');
  });

  it('reads paths from the folder of the file that includes', () => {
    const read = reading({
      'a.lsl': '#include "part/b.lsl"',
      'part/b.lsl': '#include "c.lsl"',
      'part/c.lsl': 'found',
    });
    expect(withIncludes('a.lsl', read)).toBe('found');
  });

  it('puts a shared part in once, however often it is named', () => {
    const read = reading({
      'a.lsl': '#include "b.lsl"\n#include "c.lsl"\n#include "b.lsl"',
      'b.lsl': 'shared',
      'c.lsl': '#include "b.lsl"\nown',
    });
    expect(withIncludes('a.lsl', read)).toBe('shared\nown');
  });

  it('ends where a file includes itself', () => {
    const read = reading({ 'a.lsl': 'one\n#include "a.lsl"' });
    expect(withIncludes('a.lsl', read)).toBe('one');
  });

  it('takes an include in a string or within a line for what it is: text', () => {
    const text = 'llOwnerSay("#include \\"b.lsl\\"");\n// #include "b.lsl"';
    expect(withIncludes('a.lsl', reading({ 'a.lsl': text }))).toBe(text);
  });

  it('fails where a part is missing', () => {
    const read = reading({ 'a.lsl': '#include "gone.lsl"' });
    expect(() => withIncludes('a.lsl', read)).toThrow('gone.lsl');
  });

  it.each(['../outside.lsl', '/outside.lsl'])('refuses %s, outside the sources', (path) => {
    const read = reading({ 'a.lsl': `#include "${path}"` });
    expect(() => withIncludes('a.lsl', read)).toThrow('outside the sources');
  });
});
