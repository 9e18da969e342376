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

/** Everything that is published, checked and ready to use. */
export interface Content {
  readonly fields: readonly Field[];
  readonly scores: ReadonlyMap<ScoreName, ScoreDeclaration>;
  readonly treatments: readonly TreatmentDefinition[];
  readonly templates: Templates;
  readonly contactRules: ContactRules;
  readonly sendingLimits: SendingLimits;
  readonly classify: Classifier;
}

/** What a kind may use from other kinds and the settings. */
interface Using {
  readonly company: string;
  readonly fields: readonly Field[];
}

/**
 * The one table of kinds: a new one is a module of its layer, a line here, and its result in `Content`. Fields come first, because rules of
 * the others use them.
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

/** Whether a path belongs to a document of any kind. */
export function isContent(path: string): boolean {
  return Object.values(kinds).some((kind) => kind.owns(path));
}

/** Reads the content of a folder, without its other files. */
export function readContentFolder(dir: string): Promise<Documents> {
  return readDocuments(dir, isContent);
}

/** The result of checking documents: content if there is no error, otherwise every error. */
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

/** The compiled documents of a kind, by digest: publishing compiles them, and loading the publication needs them again. */
const compiled = new Map<string, Promise<Compiled<unknown>>>();
const mostCompiled = 40;

/** Compiles the documents of a kind, or returns the result for the same documents from a moment ago. */
function compileOnce<Name extends keyof Content>(name: Name, own: Documents, using: Using): Promise<Compiled<Content[Name]>> {
  const digest = createHash('sha256')
    .update(JSON.stringify([name, using, [...own]]))
    .digest('base64');
  const known = compiled.get(digest);
  // The entries under this name are results of this kind.
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

/** The templates of a publication, without those with an error: content that was valid when it was published is not checked again. */
export async function templatesIn(documents: Documents, company: string): Promise<Templates> {
  const { content: templates } = await compileOnce('templates', ownedBy('templates', documents), { company, fields: [] });
  if (templates === undefined) throw new Error('Templates are always made ready');
  return templates;
}
