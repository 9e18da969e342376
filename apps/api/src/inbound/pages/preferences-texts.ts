import { isCustomerLanguage, type CustomerLanguage } from '../../../../../libs/channels/customer-texts.js';
/**
 * The name of the wording that a customer ticked, as their consent events store it. Change it whenever a channel's text of a consent
 * changes (its texts.ts).
 */
export const preferencesWording = 'preferences-2026-11';

/** The texts of the preference centre, in one language. `{...}` is filled in. */
export interface PreferenceTexts {
  readonly title: string;
  readonly intro: string;
  readonly saved: string;
  readonly unchanged: string;
  readonly stopped: string;
  readonly stale: string;
  readonly wrong: string;
  readonly address: string;
  readonly blocked: string;
  readonly objected: string;
  readonly noAddress: string;
  readonly preferred: string;
  readonly noPreference: string;
  readonly when: string;
  readonly anyHour: string;
  readonly between: string;
  readonly asNow: string;
  readonly from: string;
  readonly to: string;
  readonly language: string;
  readonly timeZone: string;
  readonly zoneUnknown: string;
  readonly oftenChosen: string;
  readonly regions: Readonly<Record<string, string>>;
  readonly save: string;
  readonly stopTitle: string;
  readonly stopMore: string;
  readonly stop: string;
  readonly errors: Readonly<Record<'hours' | 'choice', string>>;
}

const en: PreferenceTexts = {
  title: 'What you get from us',
  intro: 'Tick what you would like to get, and leave the rest. You can change it here at any time.',
  saved: 'Saved. Your choices hold from now on.',
  unchanged: 'Nothing was changed: everything stands as you see it.',
  stopped: 'Stopped. We will send you nothing more.',
  stale:
    'Your settings had changed since this page was opened, so nothing was switched on. Please look at them as they are now, and save again.',
  wrong: 'Please look at this again',
  address: '{channel} to {address}',
  blocked: 'We cannot write to this address any more. To use it again, please contact us.',
  objected: 'You have objected to advertising, so we send you no offers. To change that, please contact us.',
  noAddress: 'We have no address of yours to write to.',
  preferred: 'How would you rather hear from us?',
  noPreference: 'I do not mind',
  when: 'When may we write to you?',
  anyHour: 'Whenever you like during the day',
  between: 'Only between',
  asNow: 'As it is now',
  from: 'From',
  to: 'Until',
  language: 'Language',
  timeZone: 'Time zone',
  zoneUnknown: 'Not chosen yet',
  oftenChosen: 'Often chosen',
  regions: {
    Africa: 'Africa',
    America: 'America',
    Antarctica: 'Antarctica',
    Arctic: 'Arctic',
    Asia: 'Asia',
    Atlantic: 'Atlantic',
    Australia: 'Australia',
    Europe: 'Europe',
    Indian: 'Indian Ocean',
    Pacific: 'Pacific',
  },
  save: 'Save',
  stopTitle: 'Stop everything',
  stopMore:
    'No more messages to any of these addresses, neither offers nor news of your contract. You can switch single ones on again above.',
  stop: 'Stop all messages',
  errors: {
    hours: 'Choose two different times: “From” and “Until” are the same.',
    choice: 'Choose one of the entries of “{field}”.',
  },
};

const de: PreferenceTexts = {
  title: 'Was Sie von uns erhalten',
  intro: 'Kreuzen Sie an, was Sie erhalten möchten, und lassen Sie den Rest frei. Sie können es hier jederzeit ändern.',
  saved: 'Gespeichert. Ihre Auswahl gilt ab jetzt.',
  unchanged: 'Es wurde nichts geändert: Alles bleibt, wie Sie es sehen.',
  stopped: 'Beendet. Wir senden Ihnen nichts mehr.',
  stale:
    'Ihre Einstellungen haben sich geändert, seit diese Seite geöffnet wurde. Daher wurde nichts eingeschaltet. Bitte sehen Sie sich den jetzigen Stand an und speichern Sie noch einmal.',
  wrong: 'Bitte sehen Sie sich das noch einmal an',
  address: '{channel} an {address}',
  blocked: 'An diese Adresse können wir nicht mehr schreiben. Um sie wieder zu verwenden, wenden Sie sich bitte an uns.',
  objected: 'Sie haben der Werbung widersprochen, daher senden wir Ihnen keine Angebote. Um das zu ändern, wenden Sie sich bitte an uns.',
  noAddress: 'Wir haben keine Adresse von Ihnen, an die wir schreiben könnten.',
  preferred: 'Wie möchten Sie am liebsten von uns hören?',
  noPreference: 'Das ist mir gleich',
  when: 'Wann dürfen wir Ihnen schreiben?',
  anyHour: 'Tagsüber zu jeder Zeit',
  between: 'Nur zwischen',
  asNow: 'So wie jetzt',
  from: 'Von',
  to: 'Bis',
  language: 'Sprache',
  timeZone: 'Zeitzone',
  zoneUnknown: 'Noch nicht gewählt',
  oftenChosen: 'Häufig gewählt',
  regions: {
    Africa: 'Afrika',
    America: 'Amerika',
    Antarctica: 'Antarktis',
    Arctic: 'Arktis',
    Asia: 'Asien',
    Atlantic: 'Atlantik',
    Australia: 'Australien',
    Europe: 'Europa',
    Indian: 'Indischer Ozean',
    Pacific: 'Pazifik',
  },
  save: 'Speichern',
  stopTitle: 'Alles beenden',
  stopMore:
    'Keine Nachrichten mehr an diese Adressen, weder Angebote noch Nachrichten zu Ihrem Vertrag. Einzelne können Sie oben wieder einschalten.',
  stop: 'Alle Nachrichten beenden',
  errors: {
    hours: 'Wählen Sie zwei verschiedene Uhrzeiten: „Von“ und „Bis“ sind gleich.',
    choice: 'Wählen Sie einen der Einträge von „{field}“.',
  },
};

const fr: PreferenceTexts = {
  title: 'Ce que vous recevez de nous',
  intro: 'Cochez ce que vous souhaitez recevoir et laissez le reste. Vous pouvez le changer ici à tout moment.',
  saved: 'Enregistré. Vos choix sont valables dès maintenant.',
  unchanged: 'Rien n’a été changé : tout reste tel que vous le voyez.',
  stopped: 'C’est arrêté. Nous ne vous enverrons plus rien.',
  stale:
    'Vos réglages ont changé depuis l’ouverture de cette page, rien n’a donc été activé. Veuillez les vérifier tels qu’ils sont et enregistrer de nouveau.',
  wrong: 'Veuillez vérifier ceci',
  address: '{channel} à {address}',
  blocked: 'Nous ne pouvons plus écrire à cette adresse. Pour l’utiliser de nouveau, veuillez nous contacter.',
  objected: 'Vous vous êtes opposé à la publicité, nous ne vous envoyons donc pas d’offres. Pour changer cela, veuillez nous contacter.',
  noAddress: 'Nous n’avons aucune adresse où vous écrire.',
  preferred: 'Comment préférez-vous avoir de nos nouvelles ?',
  noPreference: 'Cela m’est égal',
  when: 'Quand pouvons-nous vous écrire ?',
  anyHour: 'À toute heure de la journée',
  between: 'Seulement entre',
  asNow: 'Comme maintenant',
  from: 'De',
  to: 'À',
  language: 'Langue',
  timeZone: 'Fuseau horaire',
  zoneUnknown: 'Pas encore choisi',
  oftenChosen: 'Souvent choisis',
  regions: {
    Africa: 'Afrique',
    America: 'Amérique',
    Antarctica: 'Antarctique',
    Arctic: 'Arctique',
    Asia: 'Asie',
    Atlantic: 'Atlantique',
    Australia: 'Australie',
    Europe: 'Europe',
    Indian: 'Océan Indien',
    Pacific: 'Pacifique',
  },
  save: 'Enregistrer',
  stopTitle: 'Tout arrêter',
  stopMore: 'Plus aucun message à ces adresses, ni offres ni messages sur votre contrat. Vous pouvez en réactiver certains ci-dessus.',
  stop: 'Arrêter tous les messages',
  errors: {
    hours: 'Choisissez deux heures différentes : « De » et « À » sont identiques.',
    choice: 'Choisissez une des entrées de « {field} ».',
  },
};

const es: PreferenceTexts = {
  title: 'Lo que recibe de nosotros',
  intro: 'Marque lo que desea recibir y deje el resto. Puede cambiarlo aquí en cualquier momento.',
  saved: 'Guardado. Sus elecciones valen desde ahora.',
  unchanged: 'No se ha cambiado nada: todo queda como lo ve.',
  stopped: 'Hecho. No le enviaremos nada más.',
  stale:
    'Sus ajustes han cambiado desde que se abrió esta página, por lo que no se ha activado nada. Revíselos tal como están y guarde de nuevo.',
  wrong: 'Revise esto, por favor',
  address: '{channel} a {address}',
  blocked: 'Ya no podemos escribir a esta dirección. Para volver a usarla, póngase en contacto con nosotros.',
  objected: 'Usted se ha opuesto a la publicidad, por lo que no le enviamos ofertas. Para cambiarlo, póngase en contacto con nosotros.',
  noAddress: 'No tenemos ninguna dirección suya a la que escribir.',
  preferred: '¿Cómo prefiere recibir nuestros mensajes?',
  noPreference: 'Me da igual',
  when: '¿Cuándo podemos escribirle?',
  anyHour: 'A cualquier hora del día',
  between: 'Solo entre',
  asNow: 'Como está ahora',
  from: 'Desde',
  to: 'Hasta',
  language: 'Idioma',
  timeZone: 'Zona horaria',
  zoneUnknown: 'Aún sin elegir',
  oftenChosen: 'Elegidas a menudo',
  regions: {
    Africa: 'África',
    America: 'América',
    Antarctica: 'Antártida',
    Arctic: 'Ártico',
    Asia: 'Asia',
    Atlantic: 'Atlántico',
    Australia: 'Australia',
    Europe: 'Europa',
    Indian: 'Océano Índico',
    Pacific: 'Pacífico',
  },
  save: 'Guardar',
  stopTitle: 'Detener todo',
  stopMore: 'Ningún mensaje más a estas direcciones, ni ofertas ni mensajes sobre su contrato. Puede volver a activar algunos más arriba.',
  stop: 'Detener todos los mensajes',
  errors: {
    hours: 'Elija dos horas distintas: «Desde» y «Hasta» son iguales.',
    choice: 'Elija una de las entradas de «{field}».',
  },
};

/** The languages on offer, each under its own name. */
export const languageNames: Readonly<Record<CustomerLanguage, string>> = { en: 'English', de: 'Deutsch', fr: 'Français', es: 'Español' };

const byLanguage: Readonly<Record<CustomerLanguage, PreferenceTexts>> = { en, de, fr, es };

/** @param language as `textsFor` in page-texts.ts found it */
export function preferenceTexts(language: string): { readonly language: CustomerLanguage; readonly texts: PreferenceTexts } {
  const spoken = isCustomerLanguage(language) ? language : 'en';
  return { language: spoken, texts: byLanguage[spoken] };
}
