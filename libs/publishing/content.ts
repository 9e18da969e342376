import { createHash } from 'node:crypto';
import type { ContentError, ContentKind } from '../content/content-kind.js';
import { readDocuments, type Documents } from '../content/documents.js';
import { contactRulesContent } from '../messaging/contact-policy/contact-rules-content.js';
import type { ContactRules } from '../messaging/contact-policy/policy-tables.js';
import { sendingLimitsContent } from '../messaging/providers/sending-limits-content.js';
import type { SendingLimits } from '../messaging/providers/sending-limits.js';
import { templatesContent } from '../messaging/templates/templates-content.js';
import type { Templates } from '../messaging/templates/templates.js';
import type { Classifier } from '../responses/classify.js';
import { Problem } from '../platform/problem.js';
import { replyWordsContent } from '../responses/reply-words-content.js';
import type { ScoreDeclaration } from '../scoring/declaration.js';
import type { ScoreName } from '../scoring/kinds/table.js';
import { scoresContent } from '../scoring/scores-content.js';
import { attributesContent } from '../segments/attributes-content.js';
import type { Field } from '../segments/fields.js';
import type { TreatmentDefinition } from '../treatments/treatment.entity.js';
import { treatmentsContent } from '../treatments/treatments-content.js';

/** All that is published, checked and ready to use. */
export interface Content {
  readonly fields: readonly Field[];
  readonly scores: ReadonlyMap<ScoreName, ScoreDeclaration>;
  readonly treatments: readonly TreatmentDefinition[];
  readonly templates: Templates;
  readonly contactRules: ContactRules;
  readonly sendingLimits: SendingLimits;
  readonly classify: Classifier;
}

/** What a kind may use of the others, and of the settings. */
interface Using {
  readonly company: string;
  readonly fields: readonly Field[];
}

/**
 * The one table of kinds: a new one is a module of its layer, a line here, and what comes of it in `Content`. Fields come first:
 * rules of the others ask about them.
 */
const kinds: { readonly [Name in keyof Content]: ContentKind<Content[Name] | undefined, Using> } = {
  fields: attributesContent,
  scores: scoresContent,
  treatments: treatmentsContent,
  templates: templatesContent,
  contactRules: contactRulesContent,
  sendingLimits: sendingLimitsContent,
  classify: replyWordsContent,
};

/** Whether a path is that of a document of any kind. */
export function isContent(path: string): boolean {
  return Object.values(kinds).some((kind) => kind.owns(path));
}

/** Reads the content of a folder: what else lies in it is none. */
export function readContentFolder(dir: string): Promise<Documents> {
  return readDocuments(dir, isContent);
}

/** What came of checking documents: content if there is no error, and else every error. */
export type Checked =
  { readonly content: Content; readonly errors: readonly [] } | { readonly content: undefined; readonly errors: readonly ContentError[] };

/**
 * Checks all documents, and makes them ready to use.
 * @param company the company's own locale
 */
export async function checkContent(documents: Documents, company: string): Promise<Checked> {
  const errors: ContentError[] = [...documents.keys()]
    .filter((path) => !isContent(path))
    .map((file) => ({ file, what: 'is not a document of any kind of content' }));
  const compile = async <Name extends keyof Content>(name: Name, fields: readonly Field[]): Promise<Content[Name] | undefined> => {
    const { content, errors: own } = await compileOnce(name, ownedBy(name, documents), { company, fields });
    errors.push(...own);
    return content;
  };
  const fields = (await compile('fields', [])) ?? [];
  const parts: Partial<Content> = { fields };
  for (const name of Object.keys(kinds) as (keyof Content)[]) {
    if (name !== 'fields') Object.assign(parts, { [name]: await compile(name, fields) });
  }
  return errors.length > 0 ? { content: undefined, errors } : { content: parts as Content, errors: [] };
}

interface Compiled<Made> {
  readonly content: Made | undefined;
  readonly errors: readonly ContentError[];
}

/** What the documents of a kind came to, by digest: publishing compiles them, and so does taking in what was published. */
const compiled = new Map<string, Promise<Compiled<unknown>>>();
const mostCompiled = 40;

/** Compiles the documents of a kind, or gives what came of the very same ones a moment ago. */
function compileOnce<Name extends keyof Content>(name: Name, own: Documents, using: Using): Promise<Compiled<Content[Name]>> {
  const digest = createHash('sha256')
    .update(JSON.stringify([name, using, [...own]]))
    .digest('base64');
  const known = compiled.get(digest);
  // Only what this kind made is kept under its name.
  if (known !== undefined) return known as Promise<Compiled<Content[Name]>>;
  const errors: ContentError[] = [];
  const making = kinds[name].compile(own, using, (error) => errors.push(error));
  const made = Promise.resolve(making).then((content) => ({ content, errors }));
  const [oldest] = compiled.keys();
  if (compiled.size >= mostCompiled && oldest !== undefined) compiled.delete(oldest);
  compiled.set(digest, made);
  made.catch(() => compiled.delete(digest));
  return made;
}

const ownedBy = (name: keyof Content, documents: Documents): Documents =>
  new Map([...documents].filter(([path]) => kinds[name].owns(path)));

/** The same. @throws Problem invalid with every error */
export async function soundContent(documents: Documents, company: string): Promise<Content> {
  const { content, errors } = await checkContent(documents, company);
  if (content !== undefined) return content;
  const places = errors.map(({ file, field, line, what }) => ({
    where: `${file}${line === undefined ? '' : `:${String(line)}`}`,
    what: field === undefined ? what : `${field}: ${what}`,
  }));
  throw new Problem('invalid', 'The content has errors', places, 'Fix these, and try again.');
}

/** The templates of a publication, those with an error left out: what was sound when it was published is not checked again. */
export async function templatesIn(documents: Documents, company: string): Promise<Templates> {
  const { content: templates } = await compileOnce('templates', ownedBy('templates', documents), { company, fields: [] });
  if (templates === undefined) throw new Error('Templates are always made ready');
  return templates;
}
