import { readFieldGroups } from '../../platform/mail-fields.js';
import { judgeFailure } from './failure.js';
import { readBounce, type DeliveryOutcome } from './read-bounce.js';

const group = (action: string, status: string, more = ''): string =>
  `Original-Recipient: rfc822; a@b.test\r\nFinal-Recipient: rfc822; a@b.test\r\nAction: ${action}\r\nStatus: ${status}\r\n${more}`;
const about = 'Reporting-MTA: dns; mx.test\r\nArrival-Date: Mon, 2 Mar 2026 12:00:00 +0000\r\n\r\n';
const ofReport = (report: string, text = ''): DeliveryOutcome | undefined =>
  readBounce({ headers: {}, subject: '', text, deliveryStatus: report }, 'bounce');

const daemon = { from: 'MAILER-DAEMON@mx.test', 'return-path': '<>' };
const person = { from: 'Anna <anna@b.test>', 'return-path': '<anna@b.test>' };
const ofWords = (
  text: string,
  at: 'bounce' | 'reply' | 'role' = 'bounce',
  headers: Record<string, string> = daemon,
  subject = 'failure notice',
) => readBounce({ headers, subject, text, deliveryStatus: undefined }, at);

describe('a delivery report', () => {
  it.each<[string, object | undefined]>([
    [group('failed', '5.1.1'), { status: 'bounced', code: '5.1.1', kind: 'dead-address' }],
    [group('FAILED', '5.7.26 (refused)'), { status: 'bounced', code: '5.7.26' }],
    [group('failed', '4.4.7'), { status: 'bounced', code: '4.4.7', kind: 'expired' }],
    [
      group('failed', '5.0.0', 'Diagnostic-Code: smtp; 550-5.1.1 The account\r\n  does not exist\r\n'),
      { status: 'bounced', code: '5.1.1', kind: 'dead-address' },
    ],
    [group('failed', '5.0.0', 'Diagnostic-Code: smtp; 550 no such user\r\n'), { status: 'bounced', code: '550', kind: 'dead-address' }],
    [group('failed', ''), { status: 'bounced', code: '5.0.0', kind: 'other' }],
    [group('delayed', '4.4.1'), { status: 'delayed' }],
    [group('Delayed (will retry)', '4.4.1'), { status: 'delayed' }],
    [group('delivered', '2.1.5'), { status: 'delivered' }],
    [group('relayed', '2.0.0'), { status: 'accepted' }],
    [group('expanded', '2.0.0'), { status: 'accepted' }],
    // With words of their own.
    [group('failed (no mailbox)', '5.1.1'), { status: 'bounced', kind: 'dead-address' }],
    [group('expired', '4.4.7'), { status: 'bounced', kind: 'expired' }],
    [group('  failure', '5.2.2'), { status: 'bounced', kind: 'mailbox-full' }],
    ['FINAL-RECIPIENT: rfc822;a@b.test\r\nSTATUS: 5.1.1\r\n', { status: 'bounced', kind: 'dead-address' }],
    ['Final-Recipient: rfc822;a@b.test\r\nStatus: 4.4.1\r\n', { status: 'delayed' }],
    // One address that stands for two: the mail arrived.
    [`${group('failed', '5.1.1')}\r\n${group('delivered', '2.0.0')}`, { status: 'delivered' }],
    [`${group('delayed', '4.4.1')}\r\n${group('failed', '5.1.1')}`, { status: 'bounced', code: '5.1.1' }],
    [group('vanished', '5.0.0'), undefined],
    ['', undefined],
  ])('%j', (recipients, outcome) => {
    if (outcome === undefined) expect(ofReport(about + recipients)).toBeUndefined();
    else expect(ofReport(about + recipients)).toMatchObject(outcome);
  });

  it('with few details is understood by its text', () => {
    expect(ofReport(group('failed', '5.0.0'), 'The following address failed:\n<a@b.test>: mailbox is full')).toMatchObject({
      kind: 'mailbox-full',
    });
  });
});

describe('a failure', () => {
  it.each([
    ['dead-address', undefined, '550 user does not exist'],
    ['dead-address', '5.4.1', '550 5.4.1 Recipient address rejected: Access denied. AS(201806281)'],
    ['dead-address', '5.4.4', '550 5.4.4 Invalid domain'],
    ['dead-address', '5.1.10', 'RESOLVER.ADR.RecipientNotFound; not found'],
    ['dead-address', '5.7.1', '550 5.7.1 <a@b.test>: Recipient address rejected: User unknown'],
    ['dead-address', undefined, '550 Unbekannter Benutzer'],
    ['dead-address', undefined, '550 utilisateur inconnu'],
    ['dead-address', undefined, '550 El usuario no existe'],
    ['dead-address', undefined, '550 такого пользователя не существует'],
    ['mailbox-full', '5.1.1', '552 5.2.2 Over quota'],
    ['mailbox-full', '5.2.1', 'The mailbox <a@b.test> is full'],
    ['policy', '5.1.1', '550 5.1.1 blocked using zen.spamhaus.org'],
    ['policy', '5.7.1', '550 5.7.1 Message rejected due to content restrictions: unknown user reputation'],
    ['policy', '5.7.26', '550-5.7.26 This message does not pass authentication checks (SPF and DKIM both do not exist)'],
    ['policy', '5.1.7', '550 5.1.7 No such domain in reply to MAIL FROM'],
    ['passing', '4.1.1', '450 4.1.1 <a@b.test>: Recipient address rejected: User unknown in local recipient table'],
    ['passing', '4.2.1', '450 4.2.1 The user you are trying to contact is receiving mail at a rate that prevents'],
    ['passing', undefined, '451 Greylisted, please try again in five minutes'],
    ['relay-denied', '5.7.1', '554 5.7.1 <a@b.test>: Relay access denied'],
    ['too-large', '5.3.4', '552 5.3.4 Message size exceeds fixed limit'],
    ['expired', '4.4.1', 'connect to mx.b.test[192.0.2.1]:25: Connection timed out'],
    ['other', undefined, '550 Requested action not taken'],
  ])('is %s if it says %s %j', (kind, status, words) => {
    expect(judgeFailure({ status, words }).kind).toBe(kind);
  });

  it('finds no code in numbers that only look like one', () => {
    expect(judgeFailure({ words: 'Exim 4.94.2 at 10.5.1.1, call 020 550 123' }).code).toBe('5.0.0');
  });
});

describe('words alone', () => {
  it('are read at the return path, from any writer', () => {
    expect(ofWords('550 5.1.1 mailbox does not exist', 'bounce', person, 'Hello')).toMatchObject({
      status: 'bounced',
      kind: 'dead-address',
    });
    expect(
      ofWords('I am out of the office until Monday.', 'bounce', { ...person, 'return-path': '<>' }, 'Automatic reply: An offer'),
    ).toBeUndefined();
  });

  it('are read at the reply address only if a mail system wrote them', () => {
    expect(ofWords('<a@b.test>: 550 5.1.1 User unknown', 'reply')).toMatchObject({ status: 'bounced' });
    expect(ofWords('Your colleague got 550 5.1.1 User unknown', 'reply', person, 'Re: An offer')).toBeUndefined();
    expect(ofWords('Delivery failed, says my husband. Yes please!', 'reply', person, 'Re: Mail delivery failed')).toBeUndefined();
  });

  it.each(['reply', 'role'] as const)('in the form of a report are only text if a person writes to the %s address', (at) => {
    const quoted = 'Stop writing to me.\n\nFinal-Recipient: rfc822; a@b.test\nAction: failed\nStatus: 5.1.1\n';
    expect(ofWords(quoted, at, person, 'Re: An offer')).toBeUndefined();
    expect(ofWords(quoted, at, daemon)).toMatchObject({ status: 'bounced', kind: 'dead-address' });
    expect(ofWords(quoted, 'bounce', person, 'Re: An offer')).toMatchObject({ status: 'bounced', kind: 'dead-address' });
  });

  it('of the returned mail do not count', () => {
    const text =
      'I could not deliver it.\n\n<a@b.test>: 552 mailbox is full\n\n--- Below this line is a copy of the message.\n\nReceived: x\n\nThis user does not exist.';
    expect(ofWords(text)).toMatchObject({ kind: 'mailbox-full' });
  });

  it.each([
    'You do not need to resend your message.',
    'Your message has not yet been delivered to a@b.test; delivery attempts will continue.',
    'Die Zustellung ist verzögert: 450 4.1.1 User unknown',
  ])('in a warning alone decide nothing: %s', (text) => {
    expect(ofWords(text, 'bounce', daemon, 'Warning: could not send message for past 4 hours')).toEqual({ status: 'delayed' });
  });
});

describe('a warning in many languages', () => {
  it.each([
    'Dies ist nur eine Warnung. Ihre Nachricht konnte seit 4 Stunden nicht zugestellt werden. Sie brauchen sie nicht erneut zu senden.',
    'Hinweis: Die Zustellung Ihrer Nachricht steht noch aus. Weitere Zustellversuche folgen.',
    'ESTO ES SOLO UN AVISO. Su mensaje aún no se ha podido entregar. No es necesario reenviarlo.',
    'Su mensaje todavía no ha sido entregado. Se seguirá intentando durante 3 días.',
    "Ceci n'est qu'un avertissement. Votre message n'a pas encore pu être remis. Il est inutile de le renvoyer.",
    'Votre message n’a pas pu être remis pour le moment. De nouvelles tentatives seront effectuées.',
    'Questo è solo un avviso. Il messaggio non è ancora stato recapitato. Non è necessario inviarlo di nuovo.',
    'Isto é apenas um aviso. A sua mensagem ainda não foi entregue. Não precisa de a reenviar.',
    'Dit is slechts een waarschuwing. Uw bericht is nog niet bezorgd. U hoeft het bericht niet opnieuw te verzenden.',
    'To jest tylko ostrzeżenie. Wiadomość nie została jeszcze dostarczona. Nie trzeba wysyłać jej ponownie.',
    'Detta är endast en varning. Ditt meddelande har ännu inte levererats. Du behöver inte skicka om det.',
    'Dette er kun en advarsel. Din besked er endnu ikke leveret. Du behøver ikke sende den igen.',
    'Dette er bare en advarsel. Meldingen er ennå ikke levert. Du trenger ikke å sende den på nytt.',
    'Tämä on vain varoitus. Viestiäsi ei ole vielä toimitettu. Sinun ei tarvitse lähettää sitä uudelleen.',
    'Toto je pouze varování. Zpráva dosud nebyla doručena. Není třeba ji posílat znovu.',
    'Bu yalnızca bir uyarıdır. İletiniz henüz teslim edilemedi. Yeniden göndermeniz gerekmez.',
    'Ez csak figyelmeztetés. Az üzenetet még nem sikerült kézbesíteni. Nem kell újra elküldenie.',
    'Acesta este doar un avertisment. Mesajul nu a fost încă livrat. Nu este nevoie să îl retrimiteți.',
    'Это только предупреждение. Ваше сообщение ещё не доставлено. Повторно отправлять его не нужно.',
    'これは警告です。メッセージはまだ配信されていません。再送信する必要はありません。',
    '这只是一个警告。您的邮件尚未送达，系统将继续尝试投递，您无需重新发送。',
    '이 메일은 경고일 뿐입니다. 메시지가 아직 전달되지 않았습니다. 다시 보낼 필요가 없습니다.',
  ])('ends nothing: %s', (text) => {
    expect(ofWords(text, 'bounce', daemon, 'Mail')).toEqual({ status: 'delayed' });
    expect(ofWords(`${text}\n\n<a@b.test>: 451 4.4.1 connection timed out`)).toEqual({ status: 'delayed' });
  });
});

it.each([
  '很抱歉，您的邮件被退回。收件人邮件地址（a@b.test）不存在，邮件无法送达。',
  '退信原因：收件人不存在',
  '对方邮箱地址不存在或已停用',
  '收件人地址無效，無法送達',
  'このメールアドレスは存在しません。配信できませんでした。',
  '宛先のアドレスが見つからないため配信できませんでした',
  '메일을 전달할 수 없습니다: 존재하지 않는 사용자입니다',
  "Votre message n'a pas pu être remis à a@b.test : adresse inexistante",
  "Votre message n'a pas pu être remis : destinataire inconnu",
  "Votre message n'a pas pu être remis : boîte aux lettres inexistante",
  "Votre message n'a pas pu être remis : cette adresse n'est plus valide",
  "Votre message n'a pas pu être remis : compte fermé",
  'Ihre Nachricht konnte nicht zugestellt werden: ungültige Adresse',
  'Ihre Nachricht konnte nicht zugestellt werden: Adresse nicht vorhanden',
  'Ihre Nachricht konnte nicht zugestellt werden: Die Adresse gibt es nicht',
  'No se pudo entregar su mensaje a a@b.test: dirección inexistente',
  'No se pudo entregar su mensaje: dirección no válida',
  'Impossibile recapitare il messaggio: indirizzo inesistente',
  'Impossibile recapitare il messaggio: indirizzo non valido',
  'Não foi possível entregar: endereço inexistente',
  'Não foi possível entregar: endereço inválido',
  'Kan niet worden bezorgd: ongeldig adres',
  'Nie udało się dostarczyć: nieprawidłowy adres',
  'Nie udało się dostarczyć: adres nie istnieje',
  'Kunde inte levereras: ogiltig adress',
  'Kunne ikke leveres: ugyldig adresse',
  'Nelze doručit: neplatná adresa',
  'İletilemedi: geçersiz adres',
  'Не удалось доставить: неверный адрес',
  'Не удалось доставить: адрес не существует',
])('a dead address in other words is dead: %s', (text) => {
  expect(ofWords(text)).toMatchObject({ status: 'bounced', kind: 'dead-address' });
});

describe('a live address', () => {
  const own = 'Anna.Keller@example.test';
  const ofOwn = (text: string, recipient = own) =>
    readBounce({ headers: daemon, subject: 'Report', text, deliveryStatus: undefined, recipient }, 'bounce');

  it.each([
    `The following addresses failed:\n  someoneelse@example.com: 550 5.1.1 user unknown\nDelivered successfully:\n  <${own}>`,
    `Delivered successfully: <anna.keller@EXAMPLE.test>\nFailed: <someoneelse@example.com>\n550 5.1.1 user unknown`,
  ])('is not marked by a report of somebody else: %s', (text) => {
    expect(ofOwn(text)).toEqual({ status: 'delayed' });
  });

  it.each([
    'The following addresses failed: someoneelse@example.com: 550 5.1.1 user unknown',
    'The following address failed.\n\nFinal-Recipient: rfc822; someoneelse@example.com\nAction: failed\nStatus: 5.1.1\n',
  ])('is dead if a report at its own return path names only the forwarding target: %s', (text) => {
    expect(ofOwn(text)).toMatchObject({ status: 'bounced', errorClass: 'dead-address' });
  });

  it('has its own kind if several failed', () => {
    const both = `These failed:\n<bob@example.com>: 550 5.1.1 user unknown\n<${own}>: 552 5.2.2 mailbox is full`;
    expect(ofOwn(both)).toMatchObject({ status: 'bounced', kind: 'mailbox-full' });
    expect(ofOwn(both, 'BOB@example.com')).toMatchObject({ status: 'bounced', kind: 'dead-address' });
    expect(ofOwn('<annakeller+x@googlemail.com>: 550 5.1.1 user unknown', 'anna.keller@gmail.com')).toMatchObject({ kind: 'dead-address' });
    expect(ofOwn('550 5.1.1 user unknown. Questions? Write to postmaster@mx.test')).toMatchObject({ kind: 'dead-address' });
  });

  it.each([
    ['policy', '550-Verification failed for <retention@perennial.example>\n550-No such user\n550 Sender verify failed'],
    ['policy', '550 5.1.1 Sender verification failed: mailbox does not exist'],
    ['policy', '550 5.1.8 <retention@perennial.example>: domain not found'],
    ['policy', '553 5.1.7 address of the sender: no such user'],
    ['policy', '550 Sender callout verification failed: user unknown'],
    ['policy', '550 envelope sender does not exist'],
    ['passing', '554 5.4.14 Hop count exceeded - possible mail loop; user unknown at remote gateway'],
    ['passing', '554 5.4.6 routing: no such user'],
    ['passing', '554 too many hops, user unknown'],
    ['passing', '550 mail forwarding loop for a@b.test: address not found'],
    ['policy', '550 5.7.1 Your message contains a link to http://mailbox-does-not-exist.example (address not found) and was rejected'],
    ['policy', '550 5.7.1 Message content not accepted: domain in link does not exist'],
    ['policy', '550 5.7.509 no such user policy'],
    ['other', '550 5.0.0 Delivery failed, see https://user-unknown.example/no-such-user'],
    ['other', '550 5.0.0 Delivery failed, see www.user-unknown.example'],
  ])('is not marked by what is %s: %s', (kind, text) => {
    expect(ofOwn(text)).toMatchObject({ status: 'bounced', kind });
  });
});

it('hostile bounces are read quickly too', () => {
  // Microseconds of processor time, so that other work on the machine does not count.
  const start = process.cpuUsage();
  for (const piece of [
    '\n',
    '\r\n ',
    ': ',
    'a:',
    '\n \n',
    'Action: failed\n',
    'x',
    'a@',
    'user ',
    '550 ',
    '5.1.1.',
    'https://',
    '\ufdfa',
    '存在',
  ]) {
    const many = piece.repeat(200_000);
    for (const text of [many, `Action: failed\nStatus: 5.0.0\nDiagnostic-Code: ${many}`]) {
      readFieldGroups(text);
      ofReport(text, text);
      ofWords(text, 'bounce', { from: text, 'return-path': text }, text);
    }
  }
  expect(process.cpuUsage(start).user).toBeLessThan(4e6);
});
