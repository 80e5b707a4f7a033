/** What a parsed source file imports, says in comments, declares and uses; judges nothing. */
import ts from 'typescript';

/** `line` counts from 1 everywhere. */
export interface Fact {
  readonly what: string;
  readonly line: number;
}

export interface SourceFacts {
  /** Module names as written: imports, type imports, re-exports, `require` and `import()`. */
  readonly imports: readonly Fact[];
  /** Each comment whole, with its marks. */
  readonly comments: readonly Fact[];
  /** Functions by name; `length` in lines, without the `describe` blocks that stand inside. */
  readonly functions: readonly (Fact & { readonly length: number })[];
  /**
   * Names that the code reaches for: `Date.now`, `process`, `process.env`, `new Date()`,
   * `new Date(…)`, `async`, `await`, `any`, `status number`, `it.skip`.
   */
  readonly uses: readonly Fact[];
  /** `default`, `*` or `re-export` for what a file hands out otherwise than by name. */
  readonly exports: readonly Fact[];
}

export function factsOf(source: ts.SourceFile): SourceFacts {
  const facts = {
    imports: [] as Fact[],
    comments: [] as Fact[],
    functions: [] as (Fact & { length: number })[],
    uses: [] as Fact[],
    exports: [] as Fact[],
  };
  const lineAt = (position: number): number =>
    source.getLineAndCharacterOfPosition(position).line + 1;
  const look = (node: ts.Node): void => {
    const line = lineAt(node.getStart(source));
    for (const what of importedBy(node)) facts.imports.push({ what, line });
    for (const what of usedBy(node)) facts.uses.push({ what, line });
    for (const what of exportedBy(node)) facts.exports.push({ what, line });
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      facts.functions.push({ what: nameOf(node), line, length: ownLines(node, source) });
    }
    ts.forEachChild(node, look);
  };
  look(source);
  facts.comments.push(...commentsOf(source, lineAt));
  return facts;
}

/** True for the callback of `describe(…)`, `describe.each(…)(…)`: a block of tests, no function. */
function isDescribeBlock(node: ts.Node): boolean {
  if (!ts.isArrowFunction(node) && !ts.isFunctionExpression(node)) return false;
  if (!ts.isCallExpression(node.parent) || node.parent.expression === node) return false;
  return /^describe\b/.test(node.parent.expression.getText());
}

function ownLines(node: ts.Node, source: ts.SourceFile): number {
  if (isDescribeBlock(node)) return 0;
  const linesOf = (from: number, to: number): number =>
    source.getLineAndCharacterOfPosition(to).line -
    source.getLineAndCharacterOfPosition(from).line +
    1;
  let lines = linesOf(node.getStart(source), node.getEnd());
  const takeOutBlocks = (child: ts.Node): void => {
    if (isDescribeBlock(child)) lines -= linesOf(child.getStart(source), child.getEnd());
    else ts.forEachChild(child, takeOutBlocks);
  };
  ts.forEachChild(node, takeOutBlocks);
  return lines;
}

function nameOf(node: ts.SignatureDeclaration): string {
  if (node.name !== undefined) return node.name.getText();
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) {
    return parent.name.getText();
  }
  return 'a function';
}

function importedBy(node: ts.Node): string[] {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    return literal(node.moduleSpecifier);
  }
  if (ts.isExternalModuleReference(node)) return literal(node.expression);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return literal(node.argument.literal);
  }
  if (!ts.isCallExpression(node)) return [];
  const called = node.expression.getText();
  const loads = called === 'require' || called === 'require.resolve' || called === 'import';
  return loads ? literal(node.arguments[0]) : [];
}

function literal(node: ts.Node | undefined): string[] {
  return node !== undefined && ts.isStringLiteralLike(node) ? [node.text] : [];
}

function exportedBy(node: ts.Node): string[] {
  if (node.kind === ts.SyntaxKind.DefaultKeyword && !ts.isDefaultClause(node.parent)) {
    return ['default'];
  }
  if (ts.isExportAssignment(node)) return ['default'];
  if (!ts.isExportDeclaration(node) || node.moduleSpecifier === undefined) return [];
  return [node.exportClause === undefined ? '*' : 're-export'];
}

function usedBy(node: ts.Node): string[] {
  if (node.kind === ts.SyntaxKind.AnyKeyword) return ['any'];
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return ['async'];
  if (node.kind === ts.SyntaxKind.AwaitKeyword || ts.isAwaitExpression(node)) return ['await'];
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date') {
    return [(node.arguments ?? []).length === 0 ? 'new Date()' : 'new Date(…)'];
  }
  if (ts.isPropertyAccessExpression(node)) return [node.getText().replace(/[\s?!]/g, '')];
  if (ts.isElementAccessExpression(node)) {
    return literal(node.argumentExpression).map((key) => `${node.expression.getText()}.${key}`);
  }
  if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name)) {
    const from = node.initializer?.getText() ?? '';
    return node.name.elements.map(
      (part) => `${from}.${(part.propertyName ?? part.name).getText()}`,
    );
  }
  if (setsStatusNumber(node)) return ['status number'];
  return ts.isIdentifier(node) && isReference(node) ? [node.text] : [];
}

/** `.status(404)`, `.sendStatus(404)`, `.writeHead(404)`, `x.statusCode = 404`. */
function setsStatusNumber(node: ts.Node): boolean {
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const [first] = node.arguments;
    const sets = /^(status|sendStatus|writeHead)$/.test(node.expression.name.text);
    return sets && first !== undefined && ts.isNumericLiteral(first);
  }
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) {
    return false;
  }
  return /\bstatusCode$/.test(node.left.getText()) && ts.isNumericLiteral(node.right);
}

/** An identifier that stands for something, not one that names a member, key or declaration. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isQualifiedName(parent)) return parent.left === node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  return !('name' in parent && parent.name === node) && !ts.isImportSpecifier(parent);
}

/** Comments stand only between tokens, so that text in a string or a pattern is never taken. */
function commentsOf(source: ts.SourceFile, lineAt: (position: number) => number): Fact[] {
  const found = new Map<number, Fact>();
  const look = (node: ts.Node): void => {
    if (!ts.isToken(node)) return node.getChildren(source).forEach(look);
    const start = node.getFullStart();
    const between = source.text.slice(start, node.getStart(source));
    for (const match of between.matchAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g)) {
      const at = start + match.index;
      found.set(at, { what: match[0], line: lineAt(at) });
    }
  };
  look(source);
  return [...found.values()];
}
