import fc from 'fast-check';
import { visibleText, type SentText } from './visible-text.js';

const ofText = (text: string, sent?: SentText): string => visibleText({ text, html: undefined }, sent);
const ofHtml = (html: string, sent?: SentText): string => visibleText({ text: undefined, html }, sent);

const sent: SentText = {
  subject: 'For you: 12 EUR off your next bill',
  text: [
    'Hello Ada,',
    'we would like to keep you: there is a credit of 12 EUR for your next bill.',
    'Accept the offer: https://perennial.test/o/1',
    'Or answer YES to this mail until 5 March.',
    'You get this mail because you are a customer of Example Ltd, 1 Main Street.',
    'Unsubscribe from offers by e-mail: https://perennial.test/u/2',
  ].join('\n\n'),
};
const quoted = sent.text.replaceAll(/^/gm, '> ');

describe('what stands in the message that is answered', () => {
  it.each([
    ['a header of labels that no list knows', `Yes\n\nZé: Example\nQuando: 2 mar 10:00\nPra: ada@x.test\n\n${sent.text}`, 'Yes'],
    ['nothing at all between', `Let me think about it.\n\n${sent.text}`, 'Let me think about it.'],
    ['lines broken again', `No.\n\n${sent.text.replaceAll('\n\n', ' ').replace(/(.{30}\S*) /g, '$1\n')}`, 'No.'],
    ['another link behind the words', `Later\n\n${sent.text.replace(/https:\S+/g, '<https://click.test/?u=https%3A%2F%2Fx>')}`, 'Later'],
    ['the words below it', `${sent.text}\n\nPlease call me.`, 'Please call me.'],
    ['a sentence in an unknown language above', `Jes\n\nJe la 2a de marto 2026 je 10:00 Example skribis:\n\n${sent.text}`, 'Jes'],
    ['a header above and the words below', `From: Example\nSent: Monday\nSubject: Re: ${sent.subject}\n\n${sent.text}\n\nStop`, 'Stop'],
  ])('is not the customer’s, with %s', (_, text, own) => {
    expect(ofText(text, sent)).toBe(own);
  });

  it('leaves a short answer in its words to the customer', () => {
    for (const answer of ['Unsubscribe', 'Yes', 'Accept the offer', 'answer YES', 'Unsubscribe from offers by e-mail']) {
      expect(ofText(answer, sent)).toBe(answer);
      expect(ofText(`${answer}\n\nOn Mon, 2 Mar 2026 at 10:00, Example <a@b.test> wrote:\n${quoted}`, sent)).toBe(answer);
    }
  });

  it('alone is no answer', () => {
    for (const text of [
      sent.text,
      quoted,
      `On Mon, 2 Mar 2026 at 10:00, Example wrote:\n\n${sent.text}`,
      `-----Original Message-----\n${sent.text}`,
    ])
      expect(ofText(text, sent)).toBe('');
  });
});

describe('a quote without marks', () => {
  it.each([
    ['Yes please\n\nVon: Example\nGesendet: Montag, 2. März 2026 10:00\nAn: Ada\nBetreff: Angebot\n\nSTOP', 'Yes please'],
    ['Ja tak\n\nFra: Example\nSendt: 2. marts 2026 10:00\nTil: Ada\nEmne: Tilbud\n\nSTOP', 'Ja tak'],
    ['Tak\n\n*Od:* Example\n*Wysłano:* 2 marca 2026 10:00\n*Do:* Ada\n*Temat:* Oferta\n\nSTOP', 'Tak'],
    ['好的\n\n发件人: Example\n发送时间: 2026年3月2日 10:00\n收件人: Ada\n主题: 优惠\n\nSTOP', '好的'],
    ['Igen\n\n-----Eredeti üzenet-----\nSTOP', 'Igen'],
    ['Jah\n\n________________________________\nKellelt: Example <a@b.test>\nAeg: 2. märts 2026 10:00\n\nSTOP', 'Jah'],
    ['Yes\n\nFrom: Example Sent: Monday, 2 March 2026 To: Ada Subject: Offer\n\nSTOP', 'Yes'],
    ['OK\n\n2026-03-02 10:00 GMT+01:00 Example\n\nSTOP', 'OK'],
    ['Oui\n\nSent from my iPhone\n\nSTOP', 'Oui'],
    ['Ano\n\n---------- Původní e-mail ----------\nOd: Example\nSTOP', 'Ano'],
  ])('%j', (text, own) => {
    expect(ofText(text)).toBe(own);
  });

  it('alone is no answer, since nobody knows where it ends', () => {
    expect(ofText('On Mon, 2 Mar 2026 at 10:00, Example <a@b.test> wrote:\n\nanswer STOP')).toBe('');
    expect(ofText('From: Example\nSent: 2 March 2026\nSubject: Offer\n\nanswer STOP')).toBe('');
  });
});

describe('the writer’s own lines', () => {
  it.each([
    'On the other hand, I wrote to you on 5 March:\nno answer came.',
    'From: 1 March\nTo: 5 March\nI am away.',
    'Sent from my desk, as it is easier.',
    'Date: Wednesday\nPlace: 1 Main Street\nSee you there',
    'Please stop -- I mean it.',
    'I am > 60 years old',
    'Regards\nAda',
  ])('stay: %j', (text) => {
    expect(ofText(text)).toBe(text);
  });

  it('stay below a quote and between two', () => {
    expect(ofText('> one\n\nYes\n\n> two\n\nNo\n-- \nAda')).toBe('Yes\n\nNo');
    expect(ofText('On Mon, 2 Mar 2026 at 10:00, Example <a@b.test> wrote:\n> one\nStop')).toBe('Stop');
  });

  it('are found where a phone put its own above them', () => {
    expect(ofText('Sent from my iPhone\n\nYes please\n\n> On 2 Mar 2026, at 10:00, Example <a@b.test> wrote:\n>\n> STOP')).toBe(
      'Yes please',
    );
  });
});

describe('what a server or a scanner adds below', () => {
  it.each([
    'This email and any attachments are confidential. If you are not the intended recipient, please delete it and stop reading.',
    'Disclaimer\n\nThe information contained in this communication is confidential. It is intended solely for use by the recipient and others.',
    'Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind, löschen Sie bitte diese Mail und antworten Sie nicht.',
    'Virus-free. www.avast.com',
    'Diese E-Mail wurde von Avast Antivirus-Software auf Viren geprüft. www.avast.com',
  ])('is not the customer’s: %j', (added) => {
    expect(ofText(`No thanks\n\n${added}`)).toBe('No thanks');
  });

  it('is not seen in a sentence of the customer’s', () => {
    const own = 'Please stop.\n\nThis message is confidential.';
    expect(ofText(own)).toBe(own);
  });
});

describe('HTML', () => {
  it.each([
    ['<p>Yes&nbsp;please &#x1F44D;</p><blockquote>STOP</blockquote>', 'Yes please 👍'],
    ['D&eacute;sabonnez-moi', 'Désabonnez-moi'],
    ['Bitte l&ouml;schen<br>S&iacute; &#8364;', 'Bitte löschen\nSí €'],
    ['<div>Ja</div><div class="gmail_quote gmail_quote_container"><div>STOP</div></div>', 'Ja'],
    [
      '<div class="gmail_quote"><div class="gmail_attr">Skribis</div><blockquote class="gmail_quote">STOP</blockquote><div>Ja</div></div>',
      'Ja',
    ],
    ['No<br><hr><div id="divRplyFwdMsg">From: us</div>STOP', 'No'],
    ['<div>Danke</div><div name="quote" style="margin:10px 5px">Gesendet: gestern<br>STOP</div>', 'Danke'],
    [
      '<p>Ne</p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p>Siuntėjas X: a<br>Kada: 10:00 2026<br>Kam: Ada</p></div><p>STOP</p>',
      'Ne',
    ],
    ['<style>p{}</style><title>STOP</title>a &lt; b', 'a < b'],
    ['they call it gmail_quote', 'they call it gmail_quote'],
    ['<blockquote style="margin:0 0 0 40px;border:none;padding:0px">moved to the right</blockquote>', 'moved to the right'],
    ['<blockquote>never closed STOP', ''],
    ['Yes<div class="gmail_signature">Ada, Stop Street</div>', 'Yes'],
    ['Yes<div style="display:none">STOP</div>', 'Yes'],
  ])('%j', (markup, own) => {
    expect(ofHtml(markup)).toBe(own);
  });

  it('counts where the text says nothing, or has the quote without marks', () => {
    expect(visibleText({ text: ' \n', html: 'Stop' })).toBe('Stop');
    expect(visibleText({ text: 'Yes\n\nnever\nmind\nSTOP', html: 'Yes<blockquote>never mind STOP</blockquote>' })).toBe('Yes');
  });
});

describe('reading a reply', () => {
  it('takes little work, whatever it is made of', () => {
    const pieces = [
      ...[
        '\n',
        '>',
        '> a\n',
        '-',
        '- ',
        '_',
        '_\n',
        'On ',
        'Le a@b ',
        '\ufdfa',
        'a\u0300',
        'From: a\n',
        'x: y 10:00 a@b\n',
        '🛑',
        'a@b.cc <',
        '[cid:a',
      ],
      ...['On 1 Jan 2020 at 10:00, a <a@b.cc>\n', 'On 1 Jan 2020, a\n\n<\na@b.cc\n\n', 'stop sending me '],
      ...[
        '<',
        '<a class=',
        '<a',
        '<style>',
        '<blockquote>',
        '<div>',
        '</i>',
        '<hr>',
        '<br>',
        '&#',
        '<div class="gmail_quote">',
        '<p style="display:none">a',
      ],
    ];
    const start = process.cpuUsage();
    for (const piece of pieces)
      visibleText({ text: piece.repeat(1_000_000 / piece.length), html: piece.repeat(1_000_000 / piece.length) }, sent);
    // Microseconds of the processor, on average for each: what else the machine does takes none of them.
    expect(process.cpuUsage(start).user / pieces.length).toBeLessThan(0.5e6);
  });

  it('never adds words: all that is left stood in the mail', () => {
    const line = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.constantFrom('> stop', 'Am 2.3.2026 10:00 schrieb A <a@b.de>:', '-- ', 'From: a@b.c', 'Yes', ''),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const left = ofText(lines.join('\n'), sent).split(/\s+/);
        expect(left.filter((word) => !lines.join(' ').normalize('NFC').includes(word))).toEqual([]);
      }),
    );
  });
});
