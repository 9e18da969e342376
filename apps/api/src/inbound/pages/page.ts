import { createHash } from 'node:crypto';
import type { Response } from 'express';
import { html, Html } from '../html.js';

const style = `
:root { color-scheme: light dark; --ground: #f6f7f5; --sheet: #fff; --ink: #1d2420; --soft: #59635d; --line: #8a948d; --green: #1f6f4a; --on-green: #fff; --red: #a3271f; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #141816; --sheet: #1d2320; --ink: #eef2ef; --soft: #aab5ae; --line: #738078; --green: #7fd1a6; --on-green: #0c1f15; --red: #ff9d94; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--ground); color: var(--ink);
  font: 1.0625rem/1.55 system-ui, -apple-system, 'Segoe UI', sans-serif; }
main { width: 100%; max-width: 34rem; padding: clamp(1.5rem, 6vw, 3rem); background: var(--sheet); border-radius: 1rem; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
.company { color: var(--soft); }
h1 { margin: 0 0 .75rem; font-size: clamp(1.5rem, 5vw, 2rem); line-height: 1.2; text-wrap: balance; overflow-wrap: anywhere; }
form { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.75rem; }
button { flex: 1 1 12rem; min-height: 3rem; padding: .6rem 1.25rem; border: 1px solid var(--line); border-radius: .6rem; background: transparent; color: var(--ink);
  font: inherit; cursor: pointer; }
button.first { border-color: var(--green); background: var(--green); color: var(--on-green); font-weight: 600; }
button:focus-visible { outline: 3px solid var(--green); outline-offset: 3px; }
code { font-size: 1.15em; letter-spacing: .04em; }
a { color: var(--green); }
p.after { margin: 1.75rem 0 0; }
a:focus-visible, input:focus-visible, select:focus-visible, summary:focus-visible { outline: 3px solid var(--green); outline-offset: 3px; }
main.wide { max-width: 44rem; }
form.choices { display: block; }
fieldset { min-width: 0; margin: 0 0 1.75rem; padding: 0; border: 0; }
legend { padding: 0; margin-bottom: .5rem; font-weight: 600; overflow-wrap: anywhere; }
h2 { margin: 2.5rem 0 .5rem; padding-top: 2rem; border-top: 1px solid var(--line); font-size: 1.2rem; line-height: 1.3; }
.choice { display: flex; gap: .75rem; align-items: flex-start; padding: .5rem 0; cursor: pointer; }
.choice input { flex: none; width: 1.4rem; height: 1.4rem; margin: .1rem 0 0; accent-color: var(--green); }
.fields { display: flex; flex-wrap: wrap; gap: 1rem; padding-left: 2.15rem; }
fieldset:has(input[value="any"]:checked, input[value="other"]:checked) .fields { display: none; }
.field { flex: 1 1 9rem; min-width: 0; margin-bottom: 1.75rem; }
.fields .field { margin-bottom: 0; }
.field label { display: block; margin-bottom: .35rem; }
select { width: 100%; min-height: 3rem; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--sheet); color: var(--ink); font: inherit; }
.soft { color: var(--soft); }
.notice { margin: 0 0 1.5rem; padding: .9rem 1.1rem; border: 1px solid var(--line); border-left: .4rem solid var(--green); border-radius: .6rem; }
.notice.wrong { border-left-color: var(--red); }
.notice p, .notice ul { margin: 0; }
.notice:focus { outline: 3px solid var(--line); outline-offset: 3px; }
.error { margin: .5rem 0 0; color: var(--red); }
[aria-invalid="true"] { border-color: var(--red); }
`;

/** In one piece, because the policy has the hash of everything between its tags. */
const styleElement = new Html(`<style>${style}</style>`);

const wideClass = new Html(' class="wide"');

const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

export interface Page {
  /** A language tag, as in `de`. */
  readonly language: string;
  readonly company: string;
  readonly title: string;
  /** The content below the title. */
  readonly body: Html;
  /** A form with many fields gets more width. */
  readonly wide?: boolean;
}

/** Sends a page that loads nothing, sends no referrer, is not stored, indexed or framed. */
export function sendPage(response: Response, status: number, page: Page): void {
  response
    .status(status)
    .set({
      'Content-Security-Policy': policy,
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'X-Robots-Tag': 'noindex, nofollow',
      'Cache-Control': 'no-store',
    })
    .type('text/html')
    .send(render(page).text);
}

function render({ language, company, title, body, wide = false }: Page): Html {
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <title>${title} - ${company}</title>
        ${styleElement}
      </head>
      <body>
        <main${wide ? wideClass : ''}>
          <p class="company">${company}</p>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html> `;
}
