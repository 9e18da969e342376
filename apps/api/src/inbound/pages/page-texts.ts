import { isCustomerLanguage, type CustomerLanguage } from '../../../../../libs/channels/customer-texts.js';

/** The texts of the pages, in one language. `{...}` is filled in. */
export interface PageTexts {
  readonly openUntil: string;
  readonly accept: string;
  readonly decline: string;
  readonly accepted: string;
  readonly yourCode: string;
  readonly declined: string;
  readonly over: string;
  readonly overMore: string;
  readonly unsubscribe: string;
  readonly unsubscribed: string;
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
  unsubscribe: 'Unsubscribe',
  unsubscribed: 'You are unsubscribed',
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
  unsubscribe: 'Abmelden',
  unsubscribed: 'Sie sind abgemeldet',
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
  unsubscribe: 'Se désabonner',
  unsubscribed: 'Vous êtes désabonné',
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
  unsubscribe: 'Darse de baja',
  unsubscribed: 'Se ha dado de baja',
  chooseInstead: '¿Prefiere elegir lo que recibe?',
  nothingHere: 'Aquí no hay nada',
  nothingHereMore: 'El enlace está incompleto o ya no es válido. Copie el enlace entero del mensaje.',
  failed: 'No ha funcionado',
  failedMore: 'Inténtelo de nuevo en un momento.',
};

const languages: Readonly<Record<CustomerLanguage, PageTexts>> = { en, de, fr, es };

/** The texts in the first available language of the list (locales, or an Accept-Language header), otherwise in English. */
export function textsFor(locales: string): { readonly language: CustomerLanguage; readonly texts: PageTexts } {
  const wished = locales.split(',').map((locale) => (locale.trim().split(/[-_;]/, 1)[0] ?? '').toLowerCase());
  const language = wished.find(isCustomerLanguage) ?? 'en';
  return { language, texts: languages[language] };
}
