import { compile as textMaker } from 'html-to-text';

const makeText = textMaker({
  wordwrap: false,
  formatters: {
    /** "text: address", readable where links cannot be clicked. */
    address: (element, walk, builder) => {
      const href = element.attribs?.['href'];
      walk(element.children, builder);
      if (href !== undefined) builder.addInline(`: ${href}`);
    },
  },
  selectors: [
    { selector: 'a', format: 'address' },
    { selector: 'img', format: 'skip' },
    { selector: 'div', options: { leadingLineBreaks: 2, trailingLineBreaks: 2 } },
    { selector: 'div[style^="display:none"]', format: 'skip' },
    ...[1, 2, 3].map((level) => ({ selector: `h${level}`, options: { uppercase: false } })),
  ],
});

/** The text of a mail's HTML. Liquid is not changed: the result is still a template. */
export function toText(html: string): string {
  return makeText(html.replace(/\s+<\/a>/g, '</a>'))
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
