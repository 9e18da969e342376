/**
 * How mail programs say, in the languages of their users, that a quote begins. Data: a language or a program that is
 * missing is one more word here.
 */

/** Labels of the header lines that programs put above a quote (`From: ...`), by what they name. */
export const labels = {
  from: `from, von, de, da, van, fra, från, od, lähettäjä, от, от кого, відправник, від, från, feladó, kimden, gönderen, από, de la,
    expéditeur, mittente, remitente, remetente, absender, afzender, avsändare, afsender, nadawca, odesílatel, odosielateľ, expeditor, отправитель,
    发件人, 寄件者, 寄件人, 發件人, 差出人, 送信者, 보낸 사람, 보낸사람, dari, từ, người gửi, จาก, מאת, من, šalje, šiuntėjas, no, kellelt, saatja, pošiljatelj`,
  date: `sent, date, sent at, sent on, sent date, received, gesendet, gesendet am, datum, envoyé, envoyé le, date d'envoi, message du, enviado, enviado el, enviado em, enviada em, enviada, fecha, fecha de envío, data,
    inviato, data invio, verzonden, verzonden op, sendt, sendt den, dato, skickat, skickat den, lähetetty, päiväys, päivämäärä, päiväys, pvm, wysłano, data wysłania, wysłane, odesláno, odoslané, dátum, elküldve, küldve,
    отправлено, дата, надіслано, gönderilme tarihi, gönderildi, tarih, στάλθηκε, ημερομηνία, trimis, data trimiterii, dată,
    发送时间, 日期, 寄件日期, 寄件時間, 传送日期, 傳送日期, 送信日時, 日時, 日付, 날짜, 보낸 날짜, 보낸날짜, terkirim, tanggal, đã gửi, ngày, วันที่, ส่ง, נשלח, תאריך, تاريخ, التاريخ, تم الإرسال, poslano, datums, saadetud, išsiųsta`,
  to: `to, an, à, a, para, aan, til, till, do, komu, vastaanottaja, кому, címzett, kime, alıcı, προς, către, destinataire, destinatario, destinatário, empfänger, ontvanger, mottagare, modtager, mottaker, odbiorca,
    收件人, 收件者, 宛先, 받는 사람, 받는사람, kepada, tới, đến, người nhận, ถึง, אל, إلى, za, prima, kam, kellele, kam`,
  subject: `subject, betreff, objet, asunto, assunto, oggetto, onderwerp, emne, ämne, aihe, temat, předmět, predmet, tárgy, тема, konu, θέμα, subiect, sujet,
    主题, 主旨, 件名, 제목, perihal, subjek, chủ đề, tiêu đề, เรื่อง, נושא, الموضوع, naslov, tēma, teema, tema`,
  other: `cc, cci, bcc, kopie, copie, copie à, kopia, kopi, kopio, копия, másolat, bilgi, κοιν, reply-to, reply to, antwort an, répondre à, risposta, rispondi a, responder a, responder para, importance, priority, wichtigkeit, attachments, anlagen, 抄送, 副本, 참조, cc:n, dw, udw, svar til, svara till, odpowiedz do, priorité, priorità, conversation, organization`,
} as const;
export type HeaderPart = keyof typeof labels;

/** "wrote", wherever it stands in the line that introduces a quote. */
export const wrote = `wrote, quoting, zitat von, citando, citando a, citation de, citerar, cytuję, schrieb, schrieb am, geschrieben, schreibt, schreef, geschreven, écrit, ecrit, écrivait, escribió, escribio, ha escrito, scritto, ha scritto, escreveu,
  escreve, skrev, skrev følgende, skreiv, kirjoitti, napisał, napisała, napisał(a), napisal, napisal(a), napsal, napsala, napsal(a), napísal, napísala, napísal(a), napisao, napisala, napisao/la, написал, написала, написал(а), написали, пишет, пише, pisze, написав, написала, írta, yazdı, έγραψε, a scris,
  написа, skrifaði, kirjutas, rakstīja, rašė, je napisal, menulis, đã viết, viết, เขียน, เขียนว่า, 写道, 寫道, 写到, 書きました, 작성, 작성:, 님이 작성, כתב, כתבה, כתב/ה, ‫כתב, كتب, نوشت`;

/** "I wrote" refers to the writer's own letter. */
export const selves = `i, we, ich, wir, je, j'ai, nous, yo, io, eu, ik, wij, jeg, jag, vi, ja, my, minä, я`;

/** The beginning of the line that introduces a quote, before a date. */
export const introStarts = `on, am, le, el, il, il giorno, em, no dia, op, den, på, dnia, w dniu, dne, dňa, в, у, a, pe, în, în data de, στις, vào, vào lúc, pada, tanggal, ngày, tarihinde, in data, 在, 于, ב, ב-, في, tir, man, ons, tor, fre, lør, søn, dana, u, kuupäeval`;

/** "Original message" and "Forwarded message", between rules or alone. */
export const dividers = `original message, reply message, antwort nachricht, forwarded message, begin forwarded message, fwd message, original email, original mail, original, original appointment, message transféré, message d'origine, message original, message initial, e-mail d'origine, mail original, mail d'origine,
  début du message transféré, début du message réexpédié, message réexpédié, ursprüngliche nachricht, ursprüngl. nachricht, originalnachricht, original-nachricht, original nachricht, originale nachricht, weitergeleitete nachricht, anfang der weitergeleiteten nachricht, ursprüngliche e-mail, ursprüngliche mail, original-mail,
  mensaje original, mensaje reenviado, inicio del mensaje reenviado, correo original, mensagem original, mensagem encaminhada, mensagem reencaminhada, início da mensagem encaminhada, início da mensagem reencaminhada,
  messaggio originale, messaggio inoltrato, inizio messaggio inoltrato, messaggio originario, oorspronkelijk bericht, origineel bericht, oorspronkelijke bericht, doorgestuurd bericht, begin doorgestuurd bericht,
  oprindelig meddelelse, oprindelig besked, original besked, original meddelelse, videresendt meddelelse, videresendt besked, opprinnelig melding, original melding, videresendt melding, begynn videresendt melding,
  ursprungligt meddelande, originalmeddelande, vidarebefordrat meddelande, vidarebefordrat brev, alkuperäinen viesti, välitetty viesti, wiadomość oryginalna, oryginalna wiadomość, wiadomość przekazana, przekazana wiadomość, treść oryginalnej wiadomości,
  původní zpráva, původní e-mail, přeposlaná zpráva, pôvodná správa, eredeti üzenet, továbbított üzenet, исходное сообщение, оригинальное сообщение, пересылаемое сообщение, пересланное сообщение, переадресованное сообщение, оригінальне повідомлення, початкове повідомлення, orijinal mesaj, özgün ileti, orijinal ileti, iletilmiş mesaj, αρχικό μήνυμα, mesaj original, mesajul original,
  原始邮件, 原邮件, 转发的邮件, 转发邮件信息, 回复的原邮件, 原始郵件, 轉寄的郵件, 元のメッセージ, 転送されたメッセージ, 원본 메일, 원본 메시지, 원본 이메일, 전달된 메시지, pesan asli, pesan terusan, tin nhắn gốc, thư gốc, הודעה מקורית, الرسالة الأصلية, رسالة أصلية, izvorna poruka, originalna poruka, izvirno sporočilo`;

/** The beginnings of lines that a program adds below a text. The device or program follows, and for some languages a verb at the end. */
export const deviceStarts = `sent from my, sent from, sent via, sent with, sent using, sent by, sent on the go, get outlook for, get bluemail for, yahoo mail:, from my, envoyé de mon, envoyé depuis, envoyé à partir de, envoyé avec, envoyé par, envoyé via, télécharger outlook pour, obtenez outlook pour, obtenir outlook pour, télécharger bluemail pour, provenance,
  von meinem, von meiner, gesendet von, gesendet mit, gesendet von meinem, diese nachricht wurde von, diese e-mail wurde von, holen sie sich outlook für, laden sie outlook für, outlook für, enviado desde, enviado desde mi, enviado con, obtener outlook para, enviado do meu, enviado de meu, enviado do, enviado a partir do, enviado através, enviado pelo, obter o outlook para, obtenha o outlook para, baixe o outlook para,
  inviato da, inviato dal, inviato dal mio, inviato con, scarica outlook per, ottieni outlook per, verzonden vanaf mijn, verzonden vanuit, verstuurd vanuit, verstuurd vanaf mijn, verstuurd vanaf, verzonden met, verzonden vanaf, verzonden via, outlook voor, download outlook voor, sendt fra min, sendt fra, sendt via, sendt med, hent outlook til, hent outlook for, skickat från min, skickat från, skickat med, hämta outlook för, skaffa outlook för, lähetetty, hanki outlook,
  wysłane z, wysłano z, wysłane za pomocą, pobierz outlook, pobierz aplikację outlook, odesláno z, odoslané z, odesláno ze, odoslané zo, elküldve, küldve, отправлено с, отправлено из, надіслано з, відправлено з, iphone'umdan gönderildi, στάλθηκε από, trimis de pe, trimis din, 发自我的, 發自我的, 從我的, 傳送自我的, 来自我的, 从我的, 发自, 寄自, iphoneから送信, 나의 iphone에서 보냄, dikirim dari, được gửi từ, đã gửi từ, נשלח מה, أُرسلت من, تم الإرسال من, poslano s`;

/** What such a line ends with in the languages that put the verb last, as in "Von meinem iPhone gesendet". */
export const deviceEnds = `gesendet, geschickt, gesendet., lähetetty, elküldve, küldve, gönderildi, から送信, 에서 보냄, 傳送, 发送, 發送, verzonden, 에서 보낸 메일`;

/** What the notices begin with that a company's mail server puts under a mail, and what makes them one. */
export const noticeStarts = `this e-mail, this email, this message, this communication, this transmission, the information, the contents, confidentiality notice, disclaimer, important notice, legal notice, diese e-mail, diese mail, diese nachricht, der inhalt dieser, haftungsausschluss, vertraulichkeitshinweis,
  ce message, ce courriel, cet e-mail, ce mail, avis de confidentialité, les informations, este correo, este mensaje, este e-mail, aviso legal, aviso de confidencialidad, la información contenida, questa e-mail, questo messaggio, le informazioni contenute, avvertenza,
  dit bericht, dit e-mailbericht, deze e-mail, de informatie in, esta mensagem, este email, a informação, as informações, niniejsza wiadomość, ta wiadomość, informacje zawarte, treść tej wiadomości, detta meddelande, denna e-post, informationen i detta, denne e-mail, denne mail, denne meddelelse, oplysningerne i`;
export const noticeWords =
  /confidential|vertraulich|confidentiel|confidencial|riservat|vertrouwelijk|poufn|konfidenti|fortrolig|intended (?:only|solely|recipient)|bestimmungsgemäß|destinataire|destinatario|destinatário|geadresseerde|adresata|modtager|mottagare/i;

/** What virus scanners add. */
export const scanner =
  /^\W*(?:virus-?free|virenfrei|garanti sans virus|libre de virus|senza virus|livre de vírus|virusvrij|virusfri|wolny od wirusów)\b|\b(?:avast|avg)\b.{0,80}(?:www\.|anti-?vir)|anti-?vir.{0,80}\b(?:avast|avg)\b/i;

export function wordsOf(list: string): string[] {
  return list
    .split(',')
    .map((word) => word.replace(/\s+/g, ' ').trim().normalize('NFC').toLowerCase())
    .filter((word) => word !== '');
}
