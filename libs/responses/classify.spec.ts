import fc from 'fast-check';
import { projectFile } from '../platform/project-file.js';
import { createClassifier, type Classifier } from './classify.js';
import { loadReplyWords, wordedAnswers, type ReplyWords } from './reply-words.js';
import type { Answer } from '../journeys/answers/table.js';
import { visibleText } from './visible-text.js';

let classify: Classifier;
let words: ReplyWords;
beforeAll(async () => {
  words = await loadReplyWords(projectFile('config', 'replies'));
  classify = createClassifier(words);
});

const sms = (text: string, language?: string): Answer => classify({ channel: 'sms', text, language }).answer;
const email = (text: string, rest: { subject?: string; headers?: Record<string, string> } = {}): Answer =>
  classify({ channel: 'email', text: visibleText({ text, html: undefined }), ...rest }).answer;

const carriersStops = ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'];

describe('a yes with a condition or remark beside it', () => {
  it.each([
    [
      'an amount',
      ['Yes for 50%', 'Ja 50%', 'I accept 20%', 'Sí 30€', 'Yes for £5', 'oui pour 20%', 'yes 100', 'yes 2', 'I accept. 50', 'Ja, 30eur'],
    ],
    [
      'a date',
      [
        'Yes from January',
        'Yes next month',
        'Ja ab Januar',
        'Yes in 2027',
        'ja nächsten Monat',
        'oui en mars',
        'Sí, mañana',
        'I accept. From June',
      ],
    ],
    ['a face', ['Yes :(', 'Yes >:(', 'yes -_-', 'OK :-/', 'Yes /s', 'Ja ;)', 'oui :|', 'Yes 😞', "sí :'(", 'I accept. 😒', 'ok ¬¬']],
    ['an idiom of no', ['Vale ya está bien', 'Pois sim!', 'Ja ja', 'Sì, come no', 'Ja, von wegen', 'tak tak', 'Ben voyons']],
  ])('with %s is for a person: %j', (_, texts) => {
    expect(texts.filter((text) => sms(text) === 'accepted')).toEqual([]);
  });

  it('is still a yes with a glad face, a courtesy or an address', () => {
    const texts = ['Yes :)', 'Yes please :-)', 'yes 😊', 'ok 👍', 'Yes please\nJohn Miller'];
    expect(texts.filter((text) => sms(text) !== 'accepted')).toEqual([]);
  });

  it('does not hide an opt-out', () => {
    expect(['STOP :(', 'stop 2', 'stop >:('].filter((text) => sms(text) !== 'opt-out')).toEqual(['stop 2']);
  });
});

describe('a clear stop', () => {
  it.each([
    [
      'of refusal',
      ['Hör auf', 'Ich widerspreche', 'I object', 'I do not consent', 'consent withdrawn', 'I want out', 'please cease', 'dont mail me'],
    ],
    ['misspelled', ['ST0P', 'un subscribe', 'Unsubscr1be']],
    ['of another language', ['стоп', '停止', '退订', 'توقف', '수신거부', 'iptal', 'lopeta', 'leiratkozom', 'odhlásit']],
    ['in the ten languages', ['Je m’oppose', 'Me opongo', 'Mi oppongo', 'Hou op', 'Przestań', 'Oponho-me', 'Hold op', 'Sluta']],
  ])('%s is an opt-out: %j', (_, texts) => {
    expect(texts.filter((text) => sms(text) !== 'opt-out')).toEqual([]);
  });

  it('is not an opt-out if it is about something else', () => {
    const texts = ['stopa', 'Hör auf dein Herz', 'I want out of my contract'];
    expect(texts.filter((text) => sms(text) === 'opt-out')).toEqual([]);
  });

  it.each(["Can't talk now. Call you later?", 'Can’t talk now. What’s up?'])('%s is sent by a telephone', (text) => {
    expect(sms(text)).toBe('auto-reply');
  });
});

describe('a text', () => {
  it.each<[Answer, readonly string[]]>([
    ['opt-out', carriersStops],
    [
      'opt-out',
      [
        'stop please',
        'Please STOP!!!',
        'OPT OUT',
        'opt-out',
        'S.T.O.P',
        's t o p',
        'S\u200bT\u200bOP',
        '\ufeffstop\u00ad',
        'ＳＴＯＰ',
        '🛑',
      ],
    ],
    [
      'opt-out',
      [
        'stop texting me',
        'No stop texting me',
        'I dont like it stop texting me',
        'never contact me again',
        'Leave me alone',
        'take me off your list',
      ],
    ],
    [
      'opt-out',
      [
        'YES STOP',
        'ok stop',
        'no, stop',
        'stop stop stop',
        'Please do not contact me any more',
        'I said stop.',
        'stop bitte',
        'cancel please',
      ],
    ],
    ['opt-out', ['ARRET', 'Arrêt', 'arrêtez s’il vous plaît', 'désabonnez-moi', 'Je ne veux plus recevoir vos messages', 'plus de pub']],
    [
      'opt-out',
      ['Stopp', 'Bitte abmelden', 'Keine Werbung mehr!', 'Hören Sie auf', 'Löschen Sie meine Nummer', 'Ich möchte mich abmelden'],
    ],
    ['opt-out', ['BAJA', 'dame de baja', 'No me escriban más', 'no quiero recibir más mensajes', 'por favor paren']],
    ['opt-in', ['START', 'unstop', 'Start please']],
    ['help', ['HELP', 'info', 'Hilfe!', 'aide', 'ayuda']],
    [
      'accepted',
      [
        'YES',
        'yes please',
        'Yes!',
        'ja',
        'Ja, gerne',
        'oui',
        'Oui merci',
        'sí',
        'SI',
        'vale',
        'ok 👍',
        'I accept',
        'Yes I would love that',
      ],
    ],
    [
      'accepted',
      [
        'J’accepte l’offre',
        'Ich nehme das Angebot an',
        'acepto la oferta',
        'No problem, I accept',
        'Yes please\nJohn Miller',
        'Plan B. I accept',
      ],
    ],
    [
      'declined',
      ['no', 'No thanks', 'NOPE', 'nein danke', 'non merci', 'no gracias', 'I am not interested', 'I do not accept', 'no acepto'],
    ],
    ['declined', ["je n'accepte pas", "j'accepte pas", 'Ich nehme das Angebot nicht an', 'kein Interesse', 'no me interesa']],
    [
      'question',
      [
        'how much is it?',
        'what does it cost',
        'yes but how much?',
        'Wie lange gilt das',
        'combien ?',
        '¿cuánto cuesta?',
        'I want to cancel my contract',
      ],
    ],
    [
      'complaint',
      ['this is a scam', 'No, your service is terrible', 'das ist eine Frechheit', 'c’est une arnaque', 'quiero poner una queja'],
    ],
    [
      'complaint',
      [
        'please delete my data',
        'Löschen Sie meine Daten!',
        'ich verlange die Löschung meiner Daten',
        'supprimez mes données',
        'por favor, borren mis datos',
      ],
    ],
    [
      'unclear',
      ['', '   ', 'restart', "don't stop", 'please dont ever stop', 'do not stop', 'stop by tomorrow', 'the bus stop', 'nonstop', 'lol'],
    ],
    ['unclear', ['ne pas arrêter', 'bitte nicht abmelden', 'my internet did stop working', 'yes\nno', 'I accept. Cancel the other one']],
    // Both at once, or negated from a distance: for a person.
    ['unclear', ['No thanks. Or rather, yes please', 'I do not think I would like the offer', 'Yes\nCancel the line of my mother at once']],
    ['opt-out', ['Yes\nJohn Miller, Bakery Street 12\nSTOP']],
  ])('is %s: %j', (answer, texts) => {
    expect(texts.map((text) => [text, sms(text)])).toEqual(texts.map((text) => [text, answer]));
  });

  it.each([
    'stop please',
    'OPT OUT',
    'opt me out pls',
    'ARRET',
    'ARRÊT',
    'arret svp',
    'STOP.',
    '"Stop"',
    'stop stop',
    'Stop all messages',
    'please unsubscribe me',
    'bitte stoppen',
    'keine SMS mehr bitte',
    'nicht mehr schreiben',
    'no me manden más',
    'ne m’envoyez plus rien',
    'desinscription',
    'remove me from your list',
    'I don’t want to hear from you again',
    'stop sending me this stuff',
  ])('%s is an opt-out', (text) => {
    expect(sms(text)).toBe('opt-out');
    expect(email(text)).toBe('opt-out');
  });

  it.each([
    ['en', 'I no longer wish to receive these emails'],
    ['en', 'quit texting me'],
    ['en', 'Wrong number!'],
    ['en', 'do not call or text me'],
    ['en', 'I wish to be removed from your list'],
    ['en', 'STOP2END'],
    ['de', 'Hiermit widerrufe ich meine Einwilligung'],
    ['de', 'Rufen Sie mich nicht mehr an'],
    ['de', 'Ich möchte diese Nachrichten nicht mehr erhalten'],
    ['de', 'Tragen Sie mich aus'],
    ['de', 'keine weiteren E-Mails bitte'],
    ['de', 'falsche Nummer'],
    ['fr', 'Ne plus m’envoyer de SMS'],
    ['fr', 'Je ne veux plus être contacté'],
    ['fr', 'Veuillez me retirer de votre liste'],
    ['fr', 'foutez-moi la paix'],
    ['fr', 'stoppez'],
    ['es', 'No quiero más mensajes'],
    ['es', 'no me enviéis más mensajes'],
    ['es', 'no quiero que me escriban'],
    ['es', 'Revoco mi consentimiento'],
    ['es', 'número equivocado'],
  ])('%s: %s is an opt-out', (language, text) => {
    expect(sms(text, language)).toBe('opt-out');
    expect(email(text)).toBe('opt-out');
  });

  // A text that only looks like an opt-out ends no consent.
  it.each([
    ['en', 'I have to stop now, driving'],
    ['en', 'I no longer wish to pay so much'],
    ['de', 'Lassen Sie mich in Ruhe darüber nachdenken'],
    ['de', 'Das bringt mir nichts mehr'],
    ['fr', 'vous avez plus de messages inclus ?'],
    ['fr', 'plus de SMS dans le forfait ?'],
    ['es', 'sí, para mí'],
    ['es', 'no quiero recibir la factura en papel'],
  ])('%s: %s is no opt-out', (language, text) => {
    expect(sms(text, language)).not.toBe('opt-out');
    expect(email(text)).not.toBe('opt-out');
  });

  it.each([
    'I’m driving with Driving Focus turned on. I’ll see your message when I get where I’m going.',
    'Dies ist eine automatische Antwort. Ja, Ihre Nachricht ist angekommen.',
    'Ceci est une réponse automatique',
    'Esta es una respuesta automática',
  ])('a program wrote it: %s', (text) => {
    expect(sms(text)).toBe('auto-reply');
  });

  it.each(["don't stop", 'don’t stop', 'dont stop', 'restart', 'please restart', 'nonstop', 'ne pas arrêter', 'bitte nicht aufhören'])(
    '%s is no opt-out',
    (text) => {
      expect(sms(text)).not.toBe('opt-out');
      expect(email(text)).not.toBe('opt-out');
    },
  );

  it('zero-width characters inside STOP do not hide it', () => {
    for (const hidden of ['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u180e', '\u034f']) {
      expect([hidden, sms(Array.from('STOP').join(hidden))]).toEqual([hidden, 'opt-out']);
    }
  });

  it('full-width letters are letters', () => {
    expect(['ＳＴＯＰ', 'ｓｔｏｐ　ｐｌｅａｓｅ', 'Ｏｐｔ－Ｏｕｔ', '𝐒𝐓𝐎𝐏', 'ⓢⓣⓞⓟ'].map((text) => sms(text))).toEqual(
      Array.from({ length: 5 }, () => 'opt-out'),
    );
  });

  it('is an opt-out if the carrier has read it as one', () => {
    expect(classify({ channel: 'sms', text: 'genug', carrierSaysStop: true })).toEqual({ answer: 'opt-out', because: 'the carrier: STOP' });
  });

  it('never opts in by YES', () => {
    expect(['YES', 'yes', 'ja', 'oui', 'sí'].map((text) => sms(text))).not.toContain('opt-in');
  });

  it('reports which word decided', () => {
    expect(classify({ channel: 'sms', text: 'Please STOP texting me!' })).toEqual({ answer: 'opt-out', because: 'stop texting' });
  });
});

describe('a yes that is negated, conditional, ironic or about something else', () => {
  it.each([
    'Sounds good but no',
    'I would like the offer but not now',
    "It's a deal breaker",
    'I accept nothing',
    'yes I want to cancel',
    'ok bye',
    'sure, whatever',
    'please accept my resignation',
    'great, another spam',
    "I'd accept if it were cheaper",
    'Yes unless I have to sign',
    'yes, i have the offer here',
    'deal with it',
    'Yes. I do not want it.',
    'You wrote "reply yes"',
    'Yes please\nbut only at half the price',
    'ja wenn der Techniker kommt',
    'oui mais non',
    'sí, claro, y qué más',
    'sì, ma solo se costa meno',
    'tak, ale nie',
    'ja tack men nej',
  ])('%s accepts nothing', (text) => {
    for (const language of ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt', 'pl', 'sv', 'da'])
      expect([language, sms(text, language)]).not.toEqual([language, 'accepted']);
    expect(email(text)).not.toBe('accepted');
  });
});

describe('an opt-out that is not clear goes to a person', () => {
  it.each([
    'unsubscribe me from the old plan',
    'please stop sending me paper bills',
    'How do I opt out of this?',
    'If the price goes up again, take me off your list',
    "I can't stop loving it",
    'non-stop fun',
    'Stop by the shop',
    'I asked nobody to stop sending',
    'you can stop worrying',
  ])('%s', (text) => {
    expect(sms(text)).not.toBe('opt-out');
    expect(['unclear', 'question', 'complaint']).toContain(email(text));
  });
});

describe('an e-mail', () => {
  it.each<[Answer, string]>([
    ['declined', 'No thanks\n\nOn Mon, 2 Mar 2026 at 10:00, Example <r+1@x.test> wrote:\n> reply STOP to opt out\n> yes'],
    ['accepted', 'Ja gerne\n\nAm 02.03.2026 um 10:00 schrieb Example:\n> STOP'],
    ['accepted', 'Oui\n\nLe lun. 2 mars 2026 à 10:00, Example <a@b.test> a écrit :\n> STOP'],
    ['accepted', 'Yes\n\nBest regards\nJohn Smith\n12 Bus Stop Road'],
    ['opt-out', 'Hi,\n\nSTOP\n\nJohn Smith\nOne Street 1\nBerlin'],
    ['unclear', 'START'],
  ])('is %s without its quotes: %j', (answer, text) => {
    expect(email(text)).toBe(answer);
  });

  it.each<[Answer, Record<string, string>]>([
    ['auto-reply', { 'auto-submitted': 'auto-replied' }],
    ['auto-reply', { precedence: 'auto_reply' }],
    ['auto-reply', { 'x-autoreply': 'yes' }],
    ['auto-reply', { 'x-autorespond': 'vacation' }],
    ['auto-reply', { 'return-path': '<>' }],
    ['auto-reply', { 'content-type': 'multipart/report; report-type=disposition-notification; boundary=b' }],
    ['bounce', { 'content-type': 'multipart/report; boundary=b;\r\n report-type="delivery-status"', 'return-path': '<>' }],
    ['accepted', { 'auto-submitted': 'no', 'return-path': '<someone@example.test>' }],
  ])('is %s with %j', (answer, headers) => {
    expect(email('yes', { headers })).toBe(answer);
  });

  // A header that asks others not to answer, or that lists and forwarders set, does not show that a program wrote the mail.
  const hints: Record<string, string>[] = [
    { 'x-auto-response-suppress': 'DR, RN, NRN, OOF, AutoReply' },
    { 'x-auto-response-suppress': 'All' },
    { precedence: 'bulk' },
    { precedence: 'list' },
    { precedence: 'junk' },
    { 'list-id': '<people.example.test>' },
    { 'x-loop': 'support@example.test' },
    { 'auto-submitted': 'no' },
  ];
  it.each(hints)('is a person’s with %j if its words clearly answer', (headers) => {
    expect(email('Please stop sending me these emails.', { headers })).toBe('opt-out');
    expect(email('Bitte keine E-Mails mehr, abmelden', { headers })).toBe('opt-out');
    expect(email('Yes please', { headers })).toBe('accepted');
    expect(email('No thanks', { headers })).toBe('declined');
  });

  it('goes to a person if a header hints at a program and the words ask something', () => {
    expect(email('What does it cost?', { headers: { precedence: 'bulk' } })).toBe('unclear');
    expect(email('What does it cost?', { headers: { 'x-auto-response-suppress': 'All' } })).toBe('question');
    expect(email('Our news of this week', { headers: { precedence: 'bulk' } })).toBe('auto-reply');
  });

  it('is an opt-out by its words, also with an empty return path, but not if a mail system wrote it', () => {
    const stop = 'Please stop sending me these emails.';
    expect(email(stop, { headers: { 'return-path': '<>', from: 'anna@example.test' } })).toBe('opt-out');
    expect(email('yes', { headers: { 'return-path': '<>', from: 'anna@example.test' } })).toBe('auto-reply');
    expect(email(stop, { headers: { 'return-path': '<>', from: 'MAILER-DAEMON@mx.test' } })).toBe('auto-reply');
    expect(email(stop, { headers: { 'auto-submitted': 'auto-generated' } })).toBe('auto-reply');
    expect(email(stop, { headers: { 'content-type': 'multipart/report; report-type=delivery-status' } })).toBe('bounce');
  });

  it.each([
    ['a hint', { headers: { precedence: 'bulk' } }, ''],
    ['a subject that programs write', { subject: 'Out of office' }, ''],
    ['the words of an absence', {}, 'I am out of the office until 5 December. '],
  ])('goes to a person if it may be an opt-out or an answer, beside %s', (_, rest, before) => {
    const unsure = [
      'If the price goes up, take me off your list',
      'Yes, I accept, but only at half the price',
      'No thanks. Or rather, yes please',
    ];
    expect(unsure.map((text) => email(before + text, rest))).toEqual(Array(3).fill('unclear'));
  });

  it('never accepts in an absence note, whatever else it says', () => {
    const absence = 'I am out of the office until 5 December and will reply when I am back.';
    for (const yes of ['Yes please', 'I accept', 'Ja, gerne', 'OK', 'Sounds good!']) {
      for (const text of [`${yes}\n${absence}`, `${absence}\n\n${yes}`, `${absence} ${yes}`]) {
        expect([text, ['unclear', 'auto-reply'].includes(email(text))]).toEqual([text, true]);
        expect(email(text, { headers: { 'return-path': '<>' } })).toBe('auto-reply');
        expect(email(text, { headers: { 'auto-submitted': 'auto-replied' } })).toBe('auto-reply');
      }
    }
  });

  it('is a person’s if it opts out under a subject that programs write', () => {
    expect(email('Please stop sending me these emails.', { subject: 'Out of office' })).toBe('opt-out');
  });

  it.each(['Automatic reply: Your offer', 'Abwesenheitsnotiz', 'Réponse automatique : Votre offre', 'Respuesta automática: su oferta'])(
    'is an auto-reply if only its subject says so: %s',
    (subject) => {
      expect(email('Yes, I am away until Monday', { subject })).toBe('auto-reply');
    },
  );

  it('is a person’s if the subject only mentions an absence', () => {
    expect(email('yes', { subject: 'Re: Out of office' })).toBe('accepted');
    expect(email('yes', { subject: 'I was out of office' })).toBe('accepted');
  });

  it('is an opt-out if its subject says so, but not if the subject is ours', () => {
    expect(email('', { subject: 'unsubscribe' })).toBe('opt-out');
    expect(email('Sent from my phone', { subject: 'Unsubscribe', headers: { 'auto-submitted': 'auto-generated' } })).toBe('opt-out');
    expect(email('yes', { subject: 'Re: Stop' })).toBe('accepted');
  });
});

describe('for any text', () => {
  const noise = fc
    .array(fc.constantFrom('\u200b', '\u200d', '\ufeff', '\u00ad', '\u2060', '\ufe0f'), { maxLength: 3 })
    .map((all) => all.join(''));
  const around = fc.array(fc.constantFrom(' ', '\t', '\n', '.', '!', '"', '-', '*'), { maxLength: 4 }).map((all) => all.join(''));
  const phrases = (answer: Answer): fc.Arbitrary<string> =>
    fc.constantFrom(...words.flatMap((language) => language[answer]?.whole ?? [])).filter((phrase) => /^[\p{L} ]{2,}$/u.test(phrase));

  it('case, white space, surrounding punctuation and invisible characters change nothing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...wordedAnswers()).chain(phrases),
        around,
        around,
        noise,
        fc.boolean(),
        (phrase, before, after, hidden, upper) => {
          const written = Array.from(upper ? phrase.toUpperCase() : phrase).join(hidden);
          expect(sms(before + written.replaceAll(' ', '  ') + after)).toBe(sms(phrase));
        },
      ),
    );
  });

  it('an opt-out word beside an accepting one is never accepted', () => {
    fc.assert(
      fc.property(
        phrases('accepted'),
        phrases('opt-out'),
        fc.constantFrom(' ', '. ', '\n', ', '),
        fc.boolean(),
        (yes, stop, between, first) => {
          expect(sms(first ? yes + between + stop : stop + between + yes)).not.toBe('accepted');
        },
      ),
    );
  });

  it('every opt-out word opts out, and no other word does', () => {
    for (const language of words) {
      for (const phrase of [...language['opt-out'].whole, ...language['opt-out'].anywhere])
        expect([phrase, sms(phrase)]).toEqual([phrase, 'opt-out']);
      for (const answer of ['accepted', 'declined', 'question', 'help', 'opt-in'] as const) {
        for (const phrase of language[answer]?.whole ?? []) expect([phrase, sms(phrase, language.language)]).toEqual([phrase, answer]);
      }
    }
  });

  it('it gets an answer, quickly', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.constantFrom('sms' as const, 'email' as const), (text, channel) => {
        expect(typeof classify({ channel, text }).because).toBe('string');
      }),
    );
    const hostile = [
      '\n',
      '>',
      'On ',
      'Le a@b ',
      '- ',
      '<',
      'stop ',
      'dont ',
      'From: a\n',
      'x\n',
      '\u200b',
      '🛑',
      '\ufdfa',
      '\u0301',
      '👩‍👩‍👧‍👦',
      ',',
      'ja ',
      'if ',
      'no, ',
    ];
    for (const piece of hostile) {
      for (const channel of ['email', 'sms'] as const) {
        // Microseconds of processor time, so that other work on the machine does not count.
        const start = process.cpuUsage();
        classify({ channel, text: piece.repeat(100_000) });
        const { user } = process.cpuUsage(start);
        expect([piece, channel, user < 1.5e6 ? 'quickly' : user]).toEqual([piece, channel, 'quickly']);
      }
    }
  });
});
