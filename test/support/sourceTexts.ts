import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { repositoryRoot } from './repositoryRoot';

/** A call that looks a text up: `l10n.t(...)`. */
export interface LocalizedText {
  /** `src/ui/text/rows.ts:12` */
  readonly where: string;
  /** Undefined when it is put together at run time, so that nobody can translate it. */
  readonly text: string | undefined;
  /** How many values are put into it; undefined when a list of them is handed over as a whole. */
  readonly values: number | undefined;
}

/** A text in the source that is not looked up. */
export interface PlainText {
  readonly where: string;
  readonly text: string;
}

/** Every text that the sources in `folders` look up. */
export function localizedTexts(...folders: readonly string[]): LocalizedText[] {
  const found: LocalizedText[] = [];
  visitAll(folders, (node, where) => {
    if (ts.isCallExpression(node) && isLookUp(node)) {
      const [message, ...values] = node.arguments;
      found.push({
        where: where(node),
        text: message !== undefined && ts.isStringLiteralLike(message) ? message.text : undefined,
        values: values.some(ts.isSpreadElement) ? undefined : values.length,
      });
    }
  });
  return found;
}

/**
 * Texts in the sources that read like sentences or labels and are not looked up. What is for the log, for programmers or
 * for the compiler does not count.
 */
export function textsThatBypass(...folders: readonly string[]): PlainText[] {
  const found: PlainText[] = [];
  visitAll(folders, (node, where) => {
    const text = plainTextOf(node);
    if (text !== undefined && readsLikeWords(text) && !isForOthers(node)) {
      found.push({ where: where(node), text });
    }
  });
  return found;
}

type Where = (node: ts.Node) => string;

function visitAll(folders: readonly string[], visit: (node: ts.Node, where: Where) => void): void {
  const root = repositoryRoot();
  for (const folder of folders) {
    for (const name of fs.readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts') || name.endsWith('.d.ts')) {
        continue;
      }
      const file = path.join(folder, name);
      const source = ts.createSourceFile(
        file,
        fs.readFileSync(path.join(root, file), 'utf8'),
        ts.ScriptTarget.ES2023,
        true,
      );
      const where = (node: ts.Node): string =>
        `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
      const walk = (node: ts.Node): void => {
        visit(node, where);
        ts.forEachChild(node, walk);
      };
      walk(source);
    }
  }
}

function isLookUp({ expression }: ts.CallExpression): boolean {
  return (
    ts.isPropertyAccessExpression(expression) &&
    expression.name.text === 't' &&
    /(?:^|\.)l10n$/.test(expression.expression.getText())
  );
}

function plainTextOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) {
    return node.text;
  }
  return ts.isTemplateExpression(node)
    ? [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('{}')
    : undefined;
}

/** Two words, or one that begins as a label does and is followed by a full stop or three of them. */
function readsLikeWords(text: string): boolean {
  return /[A-Za-z]{2,},? [A-Za-z]{2,}|^[A-Z][a-z]+(\.|\.\.\.)?$/.test(text);
}

const forTheLog = /(?:^|\.)(trace|debug|info|warn|error|log|audit|background|inBackground)$/;
const errorClass = /Error$/;

/** Whether it is nothing that a person reads in the UI. */
function isForOthers(node: ts.Node): boolean {
  for (let at = node.parent, child: ts.Node = node; !ts.isSourceFile(at); child = at, at = at.parent) {
    if (
      ts.isTypeNode(at) ||
      ts.isImportDeclaration(at) ||
      ts.isExportDeclaration(at) ||
      ts.isExternalModuleReference(at)
    ) {
      return true;
    }
    if (
      ts.isCallExpression(at) &&
      (isLookUp(at) || (child !== at.expression && forTheLog.test(at.expression.getText())))
    ) {
      return true;
    }
    if (ts.isNewExpression(at) && errorClass.test(at.expression.getText()) && !ts.isArrowFunction(child)) {
      return true;
    }
    if (ts.isArrowFunction(at) || ts.isFunctionLike(at)) {
      // Whatever is around a function is no more about what it returns.
      return false;
    }
  }
  return false;
}
