import type { YAMLError } from 'yaml';

const quoted = (line: string): string => {
  const [, before = '', value = ''] = /^(\s*(?:-\s+)?[\w-]+:\s+)(.*?)\s*$/.exec(line) ?? [];
  const example = value === '' ? `title: "Save: now"` : `${before.trim()} ${value.includes('"') ? `'${value}'` : `"${value}"`}`;
  return example.length > 120 ? 'put the whole text into quotes' : `put the whole text into quotes: ${example}`;
};
const indented =
  'the indentation does not fit: parts of one list or mapping begin in the same column, and what belongs to a part stands two blanks further in';

function withColon(line: string): string {
  const [, name = 'title', rest = ''] = /^\s*(?:-\s+)?([\w-]+)\s*[:=]?\s*(.*?)\s*$/.exec(line) ?? [];
  return `a name is followed by a colon and a blank; write ${name}: ${rest === '' ? '…' : rest.slice(0, 60)}`;
}

/** What each kind of error of the YAML parser means to the author of a campaign. `line` is the line with the error. */
const described: Readonly<Partial<Record<YAMLError['code'], (line: string, error: YAMLError) => string>>> = {
  TAB_AS_INDENT: () => 'begins with a tab; indent with blanks, two for each level',
  BLOCK_AS_IMPLICIT_KEY: (line, { message }) =>
    message.includes('compact') && /:\s.*:(\s|$)/.test(line) ? `a colon with a blank after it ends a name; ${quoted(line)}` : indented,
  BLOCK_IN_FLOW: () => 'a comma is missing between the parts in { }',
  BAD_INDENT: (_line, { message }) => {
    const [, opened, closing] = /^Flow (map|sequence).* with a (.)$/.exec(message) ?? [];
    return opened === undefined ? indented : `${opened === 'map' ? '{' : '['} is opened above and never closed; write ${String(closing)}`;
  },
  MISSING_CHAR: (line, { message }) => {
    if (message.startsWith('Missing closing'))
      return `a quote is opened and never closed; write ${message.includes('"') ? '"' : "'"} at the end of the text`;
    if (message.includes('- indicator')) return indented;
    return withColon(line);
  },
  MULTILINE_IMPLICIT_KEY: (line) => (/^\s*(?:-\s+)?[\w-]+:\s/.test(line) ? indented : withColon(line)),
  BAD_SCALAR_START: (line, { message }) => `a text cannot begin with ${message.at(-1) ?? 'this'}; ${quoted(line)}`,
  BAD_DQ_ESCAPE: () => 'a \\ in double quotes begins an escape; write \\\\, or put the text into single quotes',
  UNEXPECTED_TOKEN: (line) =>
    /[{[]/.test(line)
      ? 'inside { } and [ ] a text with commas, brackets or quotes is put into quotes as a whole; or write one name a line, without { }'
      : `text stands after the closing quote; ${quoted(line)}`,
  MULTIPLE_DOCS: () => 'a second text begins here (---); a file contains one campaign',
  TAG_RESOLVE_FAILED: (line) => `a text that begins with ! is not a text in YAML; ${quoted(line)}`,
  KEY_OVER_1024_CHARS: () => 'what stands before the colon is too long to be a name; put the whole text into quotes',
  BAD_ALIAS: (line) => `* refers to another part of the file; ${quoted(line)}`,
  MULTIPLE_ANCHORS: (line) => `a text that begins with & is not a text in YAML; ${quoted(line)}`,
  MULTIPLE_TAGS: (line) => `a text that begins with ! is not a text in YAML; ${quoted(line)}`,
};

/** Why a text cannot be read as YAML, and what to write instead. */
export function describeYamlError(error: YAMLError, source: string): string {
  const from = source.lastIndexOf('\n', error.pos[0] - 1) + 1;
  const to = source.indexOf('\n', from);
  const line = source.slice(from, to < 0 ? undefined : to).slice(0, 200);
  return described[error.code]?.(line, error) ?? error.message;
}
