import PostalMime from 'postal-mime';
import type { MailStore, SinkMail } from './mail-store.js';
import { markup, page, type Answer } from './web.js';

const shown = 200;

/** The newest mails first. */
export async function mailsPage(store: MailStore): Promise<Answer> {
  const newest = store.since(Math.max(0, store.count - shown)).reverse();
  const rows = await Promise.all(
    newest.map(async (mail) => {
      const { subject } = await PostalMime.parse(mail.raw);
      const time = mail.at.toISOString().slice(11, 19);
      return markup`<tr><td>${time}</td><td>${mail.to.join(', ')}</td><td><a href="/mails/${mail.number}">${subject ?? '(no subject)'}</a></td></tr>`;
    }),
  );
  const count = markup`<p>${store.count} mails came, none left this machine. The newest ${newest.length}:</p>`;
  return page('Mail sink', markup`${count}<table><tr><th>Time (UTC)</th><th>To</th><th>Subject</th></tr>${rows}</table>`);
}

/** One mail: what its reader sees, in a frame without scripts whose links open a new page; and its headers. */
export async function mailPage(mail: SinkMail): Promise<Answer> {
  const parsed = await PostalMime.parse(mail.raw);
  const content = parsed.html ?? markup`<pre>${parsed.text ?? ''}</pre>`.text;
  const mayOnlyOpenLinks = 'allow-popups allow-popups-to-escape-sandbox';
  const frame = markup`<iframe sandbox="${mayOnlyOpenLinks}" title="The mail" srcdoc="${`<base target="_blank">${content}`}"></iframe>`;
  const headers = Object.entries(mail.headers).flatMap(([name, values]) =>
    values.map((value) => markup`<tr><th>${name}</th><td>${value}</td></tr>`),
  );
  const envelope = markup`<p>From ${mail.from} to ${mail.to.join(', ')}. <a href="/">All mails</a></p>`;
  const text = markup`<h2>Text</h2><pre>${parsed.text ?? ''}</pre>`;
  return page(parsed.subject ?? '(no subject)', markup`${envelope}${frame}${text}<h2>Headers</h2><table>${headers}</table>`);
}
