// Every word a person reads goes through t(), and every language has all of them.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import ts from "typescript";

const SOURCE = join(import.meta.dirname, "../src");
const LOCALES = join(SOURCE, "locales");
const MARKS = new Set(["t", "tn", "msg"]);
/** Attributes whose text somebody sees or hears. */
const SAID = new Set(["label", "hint", "title", "aria-label", "placeholder", "alt"]);

function sources(): ts.SourceFile[] {
  return readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".d.ts"))
    .map((name) =>
      ts.createSourceFile(
        name,
        readFileSync(join(SOURCE, name), "utf8"),
        ts.ScriptTarget.Latest,
        true,
        name.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
      ),
    );
}

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}

function place(node: ts.Node): string {
  const file = node.getSourceFile();
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

/** The texts said in the source: those with a plural apart. */
function said(): { plain: Map<string, string>; plural: Map<string, string> } {
  const plain = new Map<string, string>();
  const plural = new Map<string, string>();
  for (const file of sources())
    visit(file, (node) => {
      if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return;
      const name = node.expression.text;
      if (!MARKS.has(name) || file.fileName.startsWith("i18n")) return;
      const text = node.arguments[name === "tn" ? 1 : 0];
      if (text && ts.isStringLiteralLike(text))
        (name === "tn" ? plural : plain).set(text.text, place(node));
    });
  return { plain, plural };
}

const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

test("no screen says a word past the translation", () => {
  const raw: string[] = [];
  const letters = /\p{L}{2,}/u;
  for (const file of sources())
    visit(file, (node) => {
      if (ts.isJsxText(node) && letters.test(node.text)) raw.push(place(node));
      if (
        ts.isJsxAttribute(node) &&
        SAID.has(node.name.getText()) &&
        node.initializer &&
        ts.isStringLiteral(node.initializer) &&
        letters.test(node.initializer.text)
      )
        raw.push(place(node));
    });
  // The product's own name is the same everywhere.
  assert.deepEqual(raw, []);
});

for (const name of readdirSync(LOCALES)) {
  const catalog = JSON.parse(readFileSync(join(LOCALES, name), "utf8"));
  const tag = name.replace(".json", "");

  test(`${name} has every text, with the same holes`, () => {
    const { plain, plural } = said();
    const missing: string[] = [];
    for (const [text, where] of plain)
      if (!catalog[text]) missing.push(`${where} ${JSON.stringify(text)}`);
      else assert.deepEqual(holes(catalog[text]), holes(text), where);
    const rules = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
    for (const [text, where] of plural)
      if (!catalog[text]) missing.push(`${where} ${JSON.stringify(text)}`);
      else
        for (const rule of rules) {
          // Languages whose "many" is for millions need no form of their own.
          const form = catalog[text][rule] ?? catalog[text].other;
          const left = holes(text).filter((hole) => hole !== "{n}");
          assert.ok(form, `${where} has no ${rule}`);
          assert.deepEqual(
            holes(form).filter((hole) => hole !== "{n}"),
            left,
            where,
          );
        }
    assert.deepEqual(missing, []);
  });
}
