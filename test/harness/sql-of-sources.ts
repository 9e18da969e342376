import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { projectFile } from '../../libs/platform/project-file.js';

/** A statement that the code passes to `query`, `queryOne` or `readThrough`, with its fragments inserted. */
export interface SourceStatement {
  /** File and line of the call. */
  readonly where: string;
  readonly sql: string;
}

/** Samples for SQL that is only known when the code runs (a compiled rule, a filter), by file and expression. */
export type Stands = Readonly<Record<string, string>>;

const runners = new Set(['query', 'queryOne', 'readThrough']);
const notOurs = /[.]spec[.]ts$|^libs\/schema\/migrations\/|^libs\/persistence\/|^apps\/console\//;

/**
 * Reads every SQL statement out of the sources, without running them: constants, also imported ones, functions that make a fragment of
 * their arguments, and the sides of a choice.
 * @throws Error with every expression that cannot be read and has no sample
 */
export function sqlOfSources(stands: Stands): SourceStatement[] {
  const sources = globSync('{libs,apps,activities,workflows}/**/*.ts', { cwd: projectFile() }).filter((file) => !notOurs.test(file));
  const reader = new FragmentReader(stands);
  const found = sources.flatMap((file) => calls(reader.parse(file)).flatMap((call) => reader.statements(file, call)));
  const unused = Object.keys(stands).filter((name) => !reader.stood.has(name));
  const errors = [...reader.unread, ...unused.map((name) => `${name} is no longer there`)];
  if (errors.length > 0) throw new Error(`These SQL fragments cannot be read from the sources:\n${errors.join('\n')}`);
  return found;
}

function calls(source: ts.SourceFile): ts.CallExpression[] {
  const found: ts.CallExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && runners.has(node.expression.text)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** What the parameters of a function that makes a fragment are at present. */
type Bound = ReadonlyMap<string, readonly string[]>;
type Declared = ts.Expression | ts.FunctionDeclaration;

class Unread extends Error {}

/** Reads the possible texts of expressions. */
class FragmentReader {
  readonly unread = new Set<string>();
  readonly stood = new Set<string>();
  private readonly parsed = new Map<string, ts.SourceFile>();

  constructor(private readonly stands: Stands) {}

  parse(file: string): ts.SourceFile {
    const known = this.parsed.get(file);
    if (known !== undefined) return known;
    const source = ts.createSourceFile(file, readFileSync(projectFile(file), 'utf8'), ts.ScriptTarget.Latest, true);
    this.parsed.set(file, source);
    return source;
  }

  statements(file: string, call: ts.CallExpression): SourceStatement[] {
    const argument = call.arguments[1];
    if (argument === undefined) return [];
    const { line } = this.parse(file).getLineAndCharacterOfPosition(call.getStart());
    try {
      return this.read(argument, new Map()).map((sql) => ({ where: `${file}:${String(line + 1)}`, sql }));
    } catch (error) {
      if (!(error instanceof Unread)) throw error;
      this.unread.add(error.message);
      return [];
    }
  }

  private read(node: ts.Expression, bound: Bound): readonly string[] {
    const name = `${node.getSourceFile().fileName}: ${node.getText()}`;
    const stand = this.stands[name];
    if (stand !== undefined) {
      this.stood.add(name);
      return [stand];
    }
    if (ts.isStringLiteralLike(node)) return [node.text];
    if (ts.isNumericLiteral(node)) return [node.text];
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node))
      return this.read(node.expression, bound);
    if (ts.isTemplateExpression(node)) return this.template(node, bound);
    if (ts.isConditionalExpression(node)) {
      const sides = [node.whenTrue, node.whenFalse].flatMap((side) => this.tried(side, bound) ?? []);
      if (sides.length === 0) throw unread(node);
      return sides;
    }
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
      return pairs(this.read(node.left, bound), this.read(node.right, bound));
    if (ts.isIdentifier(node)) return bound.get(node.text) ?? this.declared(node, bound);
    if (ts.isCallExpression(node)) return this.call(node, bound);
    if (ts.isPropertyAccessExpression(node)) return bound.get(node.getText()) ?? this.members(node, node.expression, node.name.text, bound);
    if (ts.isElementAccessExpression(node)) {
      const name = ts.isStringLiteralLike(node.argumentExpression) ? node.argumentExpression.text : undefined;
      return this.members(node, node.expression, name, bound);
    }
    throw unread(node);
  }

  private template(node: ts.TemplateExpression, bound: Bound): readonly string[] {
    return node.templateSpans.reduce<readonly string[]>(
      (texts, span) => pairs(texts, this.read(span.expression, bound)).map((text) => text + span.literal.text),
      [node.head.text],
    );
  }

  private declared(node: ts.Identifier, bound: Bound): readonly string[] {
    const declaration = this.find(node, node.text);
    if (declaration !== undefined && !ts.isFunctionDeclaration(declaration)) return this.read(declaration, bound);
    const words = wordsOfParameter(node);
    if (words.length === 0) throw unread(node);
    return words;
  }

  /** `String(of)`, `text.trim()`, or a function whose body is one expression, or one that is returned. */
  private call(node: ts.CallExpression, bound: Bound): readonly string[] {
    const { expression: called, arguments: given } = node;
    const [first] = given;
    if (ts.isIdentifier(called) && called.text === 'String' && first !== undefined) return this.read(first, bound);
    if (ts.isPropertyAccessExpression(called) && called.name.text === 'trim') return this.read(called.expression, bound);
    const made = ts.isIdentifier(called) ? this.find(node, called.text) : undefined;
    if (made === undefined || !(ts.isArrowFunction(made) || ts.isFunctionDeclaration(made)) || made.body === undefined) throw unread(node);
    const inner = this.bind(made.parameters, given, bound);
    const results = ts.isBlock(made.body) ? returnsOf(made.body) : [made.body];
    if (results.length === 0) throw unread(node);
    return results.flatMap((result) => this.read(result, inner));
  }

  /** What the parameters of a function are when it is called so. */
  private bind(parameters: readonly ts.ParameterDeclaration[], given: readonly ts.Expression[], bound: Bound): Bound {
    const inner = new Map<string, readonly string[]>();
    for (const [index, { name, initializer }] of parameters.entries()) {
      const argument = given[index] ?? initializer;
      if (argument === undefined) continue;
      const properties = this.properties(argument, bound);
      if (ts.isIdentifier(name)) {
        const texts = this.tried(argument, bound);
        if (texts !== undefined) inner.set(name.text, texts);
        for (const [property, values] of properties) inner.set(`${name.text}.${property}`, values);
      } else {
        for (const element of name.elements) {
          const values = ts.isBindingElement(element) ? properties.get((element.propertyName ?? element.name).getText()) : undefined;
          if (values !== undefined) inner.set((element as ts.BindingElement).name.getText(), values);
        }
      }
    }
    return inner;
  }

  /** The texts in an object: a literal, what was handed on, or what a function makes. */
  private properties(node: ts.Expression, bound: Bound): ReadonlyMap<string, readonly string[]> {
    const object = bare(node);
    if (ts.isIdentifier(object)) {
      const prefix = `${object.text}.`;
      return new Map([...bound].filter(([name]) => name.startsWith(prefix)).map(([name, texts]) => [name.slice(prefix.length), texts]));
    }
    if (ts.isCallExpression(object) && ts.isIdentifier(object.expression)) {
      const made = this.find(object, object.expression.text);
      if (made === undefined || !ts.isArrowFunction(made) || ts.isBlock(made.body)) return new Map();
      return this.properties(made.body, this.bind(made.parameters, object.arguments, bound));
    }
    const found = new Map<string, readonly string[]>();
    if (!ts.isObjectLiteralExpression(object)) return found;
    for (const property of object.properties) {
      if (ts.isSpreadAssignment(property)) for (const [name, texts] of this.properties(property.expression, bound)) found.set(name, texts);
      const value = ts.isPropertyAssignment(property)
        ? property.initializer
        : ts.isShorthandPropertyAssignment(property)
          ? property.name
          : undefined;
      const texts = value === undefined ? undefined : this.tried(value, bound);
      if (texts !== undefined && property.name !== undefined) found.set(property.name.getText(), texts);
    }
    return found;
  }

  /** The value of an object literal's property; where its name is only known later, all of its values. */
  private members(node: ts.Expression, object: ts.Expression, name: string | undefined, bound: Bound): readonly string[] {
    const values = this.objects(object).flatMap((literal) => valuesOf(literal, name));
    if (values.length === 0) throw unread(node);
    return values.flatMap((value) => this.read(value, bound));
  }

  /** The object literals that an expression may be. */
  private objects(node: ts.Expression): readonly ts.ObjectLiteralExpression[] {
    const declaration = ts.isIdentifier(node) ? this.find(node, node.text) : node;
    if (declaration === undefined || ts.isFunctionDeclaration(declaration)) return [];
    const value = bare(declaration);
    if (ts.isObjectLiteralExpression(value)) return [value];
    if (!ts.isElementAccessExpression(value)) return [];
    return this.objects(value.expression).flatMap((literal) => valuesOf(literal, undefined).map(bare).filter(ts.isObjectLiteralExpression));
  }

  private tried(node: ts.Expression, bound: Bound): readonly string[] | undefined {
    try {
      return this.read(node, bound);
    } catch (error) {
      if (error instanceof Unread) return undefined;
      throw error;
    }
  }

  /** What a name is declared as: around the place, in its file, or where that imports it from. */
  private find(place: ts.Node, name: string): Declared | undefined {
    for (let scope: ts.Node = place; ; scope = scope.parent) {
      if (ts.isBlock(scope) || ts.isSourceFile(scope)) {
        const here = declarationIn(scope.statements, name);
        if (here !== undefined) return here;
      }
      if (ts.isSourceFile(scope)) return this.imported(scope, name);
    }
  }

  private imported(source: ts.SourceFile, name: string): Declared | undefined {
    for (const statement of source.statements) {
      if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
      const bindings = statement.importClause?.namedBindings;
      if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
      const element = bindings.elements.find((each) => each.name.text === name);
      const file = join(dirname(source.fileName), statement.moduleSpecifier.text.replace(/[.]js$/, '.ts'));
      if (element === undefined || !existsSync(projectFile(file))) continue;
      return declarationIn(this.parse(file).statements, (element.propertyName ?? element.name).text);
    }
    return undefined;
  }
}

function declarationIn(statements: readonly ts.Statement[], name: string): Declared | undefined {
  for (const statement of statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name?.text === name) return statement;
    if (!ts.isVariableStatement(statement)) continue;
    const declaration = statement.declarationList.declarations.find((each) => ts.isIdentifier(each.name) && each.name.text === name);
    if (declaration?.initializer !== undefined) return declaration.initializer;
  }
  return undefined;
}

function returnsOf(body: ts.Block): ts.Expression[] {
  return body.statements.flatMap((statement) =>
    ts.isReturnStatement(statement) && statement.expression !== undefined ? [statement.expression] : [],
  );
}

function valuesOf(literal: ts.ObjectLiteralExpression, name: string | undefined): ts.Expression[] {
  return propertiesOf(literal).flatMap(([path, value]) => (name === undefined || path === `.${name}` ? [value] : []));
}

function propertiesOf(literal: ts.ObjectLiteralExpression): (readonly [path: string, value: ts.Expression])[] {
  return literal.properties
    .filter(ts.isPropertyAssignment)
    .map(({ name, initializer }) => [`.${name.getText().replace(/^'|'$/g, '')}`, initializer] as const);
}

/** The words that a parameter's type lists, as in `column: 'id' | 'enrolment_id'`. */
function wordsOfParameter(node: ts.Identifier): string[] {
  const around = ts.findAncestor(node, (each) => ts.isFunctionLike(each) && parameterOf(each, node.text) !== undefined);
  const type = around === undefined ? undefined : parameterOf(around as ts.SignatureDeclaration, node.text)?.type;
  const types = type === undefined ? [] : ts.isUnionTypeNode(type) ? type.types : [type];
  return types.flatMap((each) => (ts.isLiteralTypeNode(each) && ts.isStringLiteral(each.literal) ? [each.literal.text] : []));
}

function parameterOf(around: ts.SignatureDeclaration, name: string): ts.ParameterDeclaration | undefined {
  return around.parameters.find((each) => ts.isIdentifier(each.name) && each.name.text === name);
}

function bare(node: ts.Expression): ts.Expression {
  return ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node) ? bare(node.expression) : node;
}

function pairs(left: readonly string[], right: readonly string[]): string[] {
  return left.flatMap((one) => right.map((other) => one + other));
}

function unread(node: ts.Node): Unread {
  return new Unread(`${node.getSourceFile().fileName}: ${node.getText()}`);
}
