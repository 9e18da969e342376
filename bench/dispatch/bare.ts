import { createTransport } from 'nodemailer';
import { readSettings } from '../../config/settings.js';
import { loadContexts } from '../../libs/messaging/contract/load-contexts.js';
import { loadTemplates } from '../../libs/messaging/templates/templates.js';
import { openOrm } from '../../libs/schema/orm.js';
import { query } from '../../libs/persistence/sql.js';
import { projectFile } from '../../libs/platform/project-file.js';
import { createTokens } from '../../libs/platform/tokens.js';
import { emailTemplate } from '../../libs/channels/email/template.js';

/**
 * The bare side, a separate process: nodemailer's pool with the same mails over the same number of connections. The mails are ready before
 * the time starts: it does not render, sign or use a ledger. Given a campaign and a count, it returns the seconds that it took.
 */
const settings = readSettings(process.env);
const { publicUrl } = settings.http;
const smtp = settings.channels.email.own ?? withoutEmail();
const tokens = createTokens(settings.secret);
const templates = await loadTemplates(projectFile('config', 'templates'));
const transport = createTransport({ pool: true, url: smtp.url, maxConnections: smtp.connections, maxMessages: 1_000 });

function withoutEmail(): never {
  throw new Error('E-mail is not set up');
}

async function prepare(campaignId: string, count: number): Promise<object[]> {
  const orm = await openOrm(settings.database);
  const em = orm.em.fork();
  const ids = await query<{ id: string }>(em, 'select id from message where campaign_id = $1 order by id limit $2', [campaignId, count]);
  const contexts = await loadContexts(
    em,
    ids.map(({ id }) => id),
    { publicUrl, company: settings.company, tokens, templatesAt: () => Promise.resolve(templates) },
  );
  await orm.close();
  return [...contexts.values()].map((context) => {
    const { messageId, variables, address } = context;
    const replyTo = `r+${tokens.sign('reply', messageId)}@${settings.inboundMail.domain}`;
    const { subject, html, text } = context.render(emailTemplate);
    return {
      subject,
      html: html.join(''),
      text: text.join(''),
      replyTo,
      from: { name: settings.company.name, address: smtp.from },
      to: address,
      messageId: `<${messageId}@${settings.inboundMail.domain}>`,
      envelope: { from: `b+${tokens.sign('bounce', messageId)}@${settings.inboundMail.domain}`, to: [address] },
      headers: {
        'List-Unsubscribe': { prepared: true, value: `<${variables.links.unsubscribe}>, <mailto:${replyTo}?subject=unsubscribe>` },
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
    };
  });
}

process.on('message', ({ campaignId, count }: { readonly campaignId: string; readonly count: number }) => {
  void (async () => {
    const mails = await prepare(campaignId, count);
    const began = performance.now();
    await Promise.all(mails.map((mail) => transport.sendMail(mail)));
    process.send?.((performance.now() - began) / 1_000);
  })();
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
