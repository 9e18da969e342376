import type { Channel } from '../../../../../libs/channels/table.js';

/** What the pages say, in one language. `{...}` is filled in. */
export interface PageTexts {
  readonly openUntil: string;
  readonly accept: string;
  readonly decline: string;
  readonly accepted: string;
  readonly yourCode: string;
  readonly declined: string;
  readonly over: string;
  readonly overMore: string;
  /** What an opt-out ends on each channel is in libs/customers/may-write.ts: these texts say the same. */
  readonly leave: Readonly<Record<Channel, string>>;
  readonly leaveMore: Readonly<Record<Channel, string>>;
  readonly unsubscribe: string;
  readonly unsubscribed: string;
  readonly unsubscribedMore: Readonly<Record<Channel, string>>;
  readonly chooseInstead: string;
  readonly nothingHere: string;
  readonly nothingHereMore: string;
  readonly failed: string;
  readonly failedMore: string;
}

const en: PageTexts = {
  openUntil: 'This offer is yours until {time}.',
  accept: 'Accept',
  decline: 'No, thank you',
  accepted: 'Thank you. The offer is yours.',
  yourCode: 'Your code:',
  declined: 'All right. We have noted that you do not want this offer.',
  over: 'This offer has ended',
  overMore: 'It can no longer be accepted. Nothing changes for you.',
  leave: { email: 'Stop offers by e-mail?', sms: 'Stop all our texts?', whatsapp: 'Stop all our WhatsApp messages?' },
  leaveMore: {
    email: 'You will still hear from us about your contract and your bills.',
    sms: 'This ends all texts from us to your number: offers, and also messages about your contract and your bills.',
    whatsapp: 'This ends all WhatsApp messages from us to your number: offers, and also messages about your contract and your bills.',
  },
  unsubscribe: 'Unsubscribe',
  unsubscribed: 'You are unsubscribed',
  unsubscribedMore: {
    email: 'We will send you no more offers by e-mail. You will still hear from us about your contract and your bills.',
    sms: 'We will send you no more texts, neither offers nor messages about your contract and your bills.',
    whatsapp: 'We will send you nothing more by WhatsApp, neither offers nor messages about your contract and your bills.',
  },
  chooseInstead: 'Would you rather choose what you get?',
  nothingHere: 'There is nothing here',
  nothingHereMore: 'The link is not complete, or no longer in use. Please copy the whole link from the message.',
  failed: 'That did not work',
  failedMore: 'Please try again in a moment.',
};

const de: PageTexts = {
  openUntil: 'Dieses Angebot gilt für Sie bis {time}.',
  accept: 'Annehmen',
  decline: 'Nein, danke',
  accepted: 'Vielen Dank. Das Angebot gehört Ihnen.',
  yourCode: 'Ihr Code:',
  declined: 'In Ordnung. Wir haben vermerkt, dass Sie dieses Angebot nicht möchten.',
  over: 'Dieses Angebot ist abgelaufen',
  overMore: 'Es kann nicht mehr angenommen werden. Für Sie ändert sich nichts.',
  leave: {
    email: 'Keine Angebote mehr per E-Mail?',
    sms: 'Gar keine SMS mehr von uns?',
    whatsapp: 'Gar keine WhatsApp-Nachrichten mehr von uns?',
  },
  leaveMore: {
    email: 'Nachrichten zu Ihrem Vertrag und Ihren Rechnungen erhalten Sie weiterhin.',
    sms: 'Damit enden alle SMS von uns an Ihre Nummer: Angebote und auch Nachrichten zu Ihrem Vertrag und Ihren Rechnungen.',
    whatsapp:
      'Damit enden alle WhatsApp-Nachrichten von uns an Ihre Nummer: Angebote und auch Nachrichten zu Ihrem Vertrag und Ihren Rechnungen.',
  },
  unsubscribe: 'Abmelden',
  unsubscribed: 'Sie sind abgemeldet',
  unsubscribedMore: {
    email: 'Wir senden Ihnen keine Angebote mehr per E-Mail. Nachrichten zu Ihrem Vertrag und Ihren Rechnungen erhalten Sie weiterhin.',
    sms: 'Wir senden Ihnen keine SMS mehr, weder Angebote noch Nachrichten zu Ihrem Vertrag und Ihren Rechnungen.',
    whatsapp: 'Wir senden Ihnen nichts mehr per WhatsApp, weder Angebote noch Nachrichten zu Ihrem Vertrag und Ihren Rechnungen.',
  },
  chooseInstead: 'Möchten Sie lieber auswählen, was Sie erhalten?',
  nothingHere: 'Hier ist nichts',
  nothingHereMore: 'Der Link ist unvollständig oder nicht mehr gültig. Bitte kopieren Sie den ganzen Link aus der Nachricht.',
  failed: 'Das hat nicht geklappt',
  failedMore: 'Bitte versuchen Sie es gleich noch einmal.',
};

const fr: PageTexts = {
  openUntil: 'Cette offre vous est réservée jusqu’au {time}.',
  accept: 'Accepter',
  decline: 'Non, merci',
  accepted: 'Merci. L’offre est à vous.',
  yourCode: 'Votre code :',
  declined: 'C’est noté. Vous ne souhaitez pas cette offre.',
  over: 'Cette offre est terminée',
  overMore: 'Elle ne peut plus être acceptée. Rien ne change pour vous.',
  leave: {
    email: 'Ne plus recevoir d’offres par e-mail ?',
    sms: 'Ne plus recevoir aucun SMS de notre part ?',
    whatsapp: 'Ne plus recevoir aucun message WhatsApp de notre part ?',
  },
  leaveMore: {
    email: 'Vous recevrez toujours les messages sur votre contrat et vos factures.',
    sms: 'Plus aucun SMS ne sera envoyé à votre numéro : ni offres, ni messages sur votre contrat et vos factures.',
    whatsapp: 'Plus aucun message WhatsApp ne sera envoyé à votre numéro : ni offres, ni messages sur votre contrat et vos factures.',
  },
  unsubscribe: 'Se désabonner',
  unsubscribed: 'Vous êtes désabonné',
  unsubscribedMore: {
    email: 'Nous ne vous enverrons plus d’offres par e-mail. Vous recevrez toujours les messages sur votre contrat et vos factures.',
    sms: 'Nous ne vous enverrons plus de SMS, ni offres, ni messages sur votre contrat et vos factures.',
    whatsapp: 'Nous ne vous enverrons plus rien par WhatsApp, ni offres, ni messages sur votre contrat et vos factures.',
  },
  chooseInstead: 'Préférez-vous choisir ce que vous recevez ?',
  nothingHere: 'Il n’y a rien ici',
  nothingHereMore: 'Le lien est incomplet ou n’est plus valable. Veuillez copier le lien entier depuis le message.',
  failed: 'Cela n’a pas fonctionné',
  failedMore: 'Veuillez réessayer dans un instant.',
};

const es: PageTexts = {
  openUntil: 'Esta oferta es suya hasta el {time}.',
  accept: 'Aceptar',
  decline: 'No, gracias',
  accepted: 'Gracias. La oferta es suya.',
  yourCode: 'Su código:',
  declined: 'De acuerdo. Hemos anotado que no desea esta oferta.',
  over: 'Esta oferta ha terminado',
  overMore: 'Ya no se puede aceptar. Para usted no cambia nada.',
  leave: {
    email: '¿No recibir más ofertas por correo?',
    sms: '¿No recibir ningún SMS más de nosotros?',
    whatsapp: '¿No recibir ningún mensaje más de nosotros por WhatsApp?',
  },
  leaveMore: {
    email: 'Seguirá recibiendo mensajes sobre su contrato y sus facturas.',
    sms: 'Así no llegará ningún SMS más a su número: ni ofertas ni mensajes sobre su contrato y sus facturas.',
    whatsapp: 'Así no llegará ningún mensaje de WhatsApp más a su número: ni ofertas ni mensajes sobre su contrato y sus facturas.',
  },
  unsubscribe: 'Darse de baja',
  unsubscribed: 'Se ha dado de baja',
  unsubscribedMore: {
    email: 'No le enviaremos más ofertas por correo. Seguirá recibiendo mensajes sobre su contrato y sus facturas.',
    sms: 'No le enviaremos más SMS, ni ofertas ni mensajes sobre su contrato y sus facturas.',
    whatsapp: 'No le enviaremos nada más por WhatsApp, ni ofertas ni mensajes sobre su contrato y sus facturas.',
  },
  chooseInstead: '¿Prefiere elegir lo que recibe?',
  nothingHere: 'Aquí no hay nada',
  nothingHereMore: 'El enlace está incompleto o ya no es válido. Copie el enlace entero del mensaje.',
  failed: 'No ha funcionado',
  failedMore: 'Inténtelo de nuevo en un momento.',
};

const languages = { en, de, fr, es } as const satisfies Readonly<Record<string, PageTexts>>;
/** What customers can be spoken to in. */
export type PageLanguage = keyof typeof languages;

/** The texts in the first language of the list (locales, or an Accept-Language header) that there is, else in English. */
export function textsFor(locales: string): { readonly language: PageLanguage; readonly texts: PageTexts } {
  const wished = locales.split(',').map((locale) => (locale.trim().split(/[-_;]/, 1)[0] ?? '').toLowerCase());
  const language = wished.find(isKnown) ?? 'en';
  return { language, texts: languages[language] };
}

function isKnown(language: string): language is PageLanguage {
  return Object.hasOwn(languages, language);
}
