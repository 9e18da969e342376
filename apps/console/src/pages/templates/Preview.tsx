import { useState } from 'react';
import type { TemplatePreview } from '../../api/types.js';
import { count } from '../../format/number.js';
import { channelName, plural } from '../../format/words.js';
import { Card } from '../../parts/Card.js';
import { Pick } from './Pick.js';
import css from './templates.module.css';

/** The message, as its channel shows it. */
export function Preview({ preview }: { readonly preview: TemplatePreview }) {
  const { email, sms, whatsapp } = preview;
  if (email) return <EmailPreview {...email} />;
  if (sms) return <SmsPreview {...sms} />;
  if (whatsapp) return <WhatsappPreview {...whatsapp} />;
  const shown: Readonly<Record<string, unknown>> = { ...preview };
  const other = shown[preview.channel];
  if (typeof other === 'object' && other !== null) return <PlainPreview channel={preview.channel} parts={other} />;
  return <p>This template has no text for this channel.</p>;
}

/** A channel without its own preview: its parts, each with its name. */
function PlainPreview({ channel, parts }: { readonly channel: string; readonly parts: object }) {
  return (
    <Card title={channelName(channel)}>
      <dl className={css.values}>
        {Object.entries(parts).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

const views = [
  { value: 'wide', label: 'Desktop' },
  { value: 'phone', label: 'Phone' },
  { value: 'text', label: 'Plain text' },
] as const;

const colours = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

/** The frame runs no script, sends no form and opens nothing: its content can only be viewed. */
function EmailPreview({ subject, html, text }: NonNullable<TemplatePreview['email']>) {
  const [view, setView] = useState<(typeof views)[number]['value']>('wide');
  const [light, setLight] = useState<(typeof colours)[number]['value']>('light');
  return (
    <Card title={subject}>
      <div className={css.looks}>
        <Pick label="Seen as" value={view} choices={views} pick={setView} />
        {view !== 'text' && <Pick label="Colours" value={light} choices={colours} pick={setLight} />}
      </div>
      {view === 'text' ? (
        <pre className={css.text} tabIndex={0} aria-label="The mail’s plain text">
          {text}
        </pre>
      ) : (
        <iframe
          className={css.mail}
          data-view={view}
          style={{ colorScheme: light }}
          sandbox=""
          srcDoc={seenIn(html, light)}
          title={`The mail “${subject}”`}
        />
      )}
    </Card>
  );
}

/** A frame of another origin uses the system's colour scheme, not the page's, so the mail's own media query is answered in it. */
function seenIn(html: string, light: 'light' | 'dark'): string {
  return html.replaceAll('(prefers-color-scheme: dark)', light === 'dark' ? '(min-width: 0)' : '(max-width: 0)');
}

const encodings = { 'gsm-7': 'GSM-7', 'ucs-2': 'UCS-2, because a character is not in GSM-7' } as const;

function SmsPreview({ text, encoding, units, segments }: NonNullable<TemplatePreview['sms']>) {
  return (
    <Card title="Text message" aside={`${plural(segments, 'segment')}, ${count(units)} characters in ${encodings[encoding]}`}>
      <p className={css.bubble}>{text}</p>
      {segments > 1 && <p className={css.hint}>Each segment is billed.</p>}
    </Card>
  );
}

function WhatsappPreview({ text, content }: NonNullable<TemplatePreview['whatsapp']>) {
  return (
    <Card title="WhatsApp message">
      <h3 className={css.hint}>Within 24 hours of the customer’s last message</h3>
      <p className={css.bubble}>{text}</p>
      <h3 className={css.hint}>At any other time: the approved content {content.sid}, with</h3>
      <dl className={css.values}>
        {Object.entries(content.variables).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
