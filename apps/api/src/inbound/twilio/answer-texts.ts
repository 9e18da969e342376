import type { AnswerBack } from '../../../../../libs/responses/answer-back.js';
import type { CustomerLanguage } from '../../../../../libs/channels/customer-texts.js';
import { textsFor } from '../pages/page-texts.js';

/** The automatic replies by text; `{...}` is filled in. Only letters of GSM-7 (without `á` or `ê`), so that one segment is enough. */
interface AnswerTexts {
  readonly help: string;
  /** Part of `help`, if the company has a contact for help. */
  readonly contact: string;
  readonly 'too-late': string;
}

const languages: Readonly<Record<CustomerLanguage, AnswerTexts>> = {
  en: {
    help: '{company}: messages about your contract and offers.{contact} Reply STOP to end them.',
    contact: ' Help: {address}.',
    'too-late': '{company}: this offer has ended and can no longer be accepted. Nothing changes for you.',
  },
  de: {
    help: '{company}: Nachrichten zu Ihrem Vertrag und Angebote.{contact} Beenden mit STOP.',
    contact: ' Hilfe: {address}.',
    'too-late': '{company}: Dieses Angebot ist abgelaufen und kann nicht mehr angenommen werden. Für Sie ändert sich nichts.',
  },
  fr: {
    help: '{company} : messages sur votre contrat et offres.{contact} Répondez STOP pour y mettre fin.',
    contact: ' Aide : {address}.',
    'too-late': '{company} : cette offre a pris fin et ne vaut plus. Rien ne change pour vous.',
  },
  es: {
    help: '{company}: mensajes sobre su contrato y ofertas.{contact} Responda STOP para no recibirlos.',
    contact: ' Ayuda: {address}.',
    'too-late': '{company}: esta oferta ha terminado y ya no se puede aceptar. Nada cambia para usted.',
  },
};

/** The automatic reply, in the customer's language, otherwise in English. */
export function answerText(
  { kind, locale }: AnswerBack,
  { name, contact }: { readonly name: string; readonly contact: string | undefined },
): string {
  const texts = languages[textsFor(locale).language];
  const where = contact === undefined ? '' : texts.contact.replace('{address}', () => contact);
  const values: Readonly<Record<string, string>> = { company: name, contact: where };
  return texts[kind].replace(/\{(\w+)\}/g, (_, value: string) => values[value] ?? '');
}
