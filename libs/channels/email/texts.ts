import type { CustomerTexts } from '../customer-texts.js';

/** The texts about this channel for customers. */
export const texts: CustomerTexts = {
  en: {
    title: 'E-mail',
    marketing: 'Send me offers by e-mail',
    service: 'Send me news of my contract and my bills by e-mail',
    leave: 'Stop offers by e-mail?',
    leaveMore: 'You will still hear from us about your contract and your bills.',
    unsubscribed: 'We will send you no more offers by e-mail. You will still hear from us about your contract and your bills.',
  },
  de: {
    title: 'E-Mail',
    marketing: 'Senden Sie mir Angebote per E-Mail',
    service: 'Senden Sie mir Nachrichten zu Vertrag und Rechnungen per E-Mail',
    leave: 'Keine Angebote mehr per E-Mail?',
    leaveMore: 'Nachrichten zu Ihrem Vertrag und Ihren Rechnungen erhalten Sie weiterhin.',
    unsubscribed:
      'Wir senden Ihnen keine Angebote mehr per E-Mail. Nachrichten zu Ihrem Vertrag und Ihren Rechnungen erhalten Sie weiterhin.',
  },
  fr: {
    title: 'E-mail',
    marketing: 'Envoyez-moi des offres par e-mail',
    service: 'Envoyez-moi par e-mail les messages sur mon contrat et mes factures',
    leave: 'Ne plus recevoir d’offres par e-mail ?',
    leaveMore: 'Vous recevrez toujours les messages sur votre contrat et vos factures.',
    unsubscribed: 'Nous ne vous enverrons plus d’offres par e-mail. Vous recevrez toujours les messages sur votre contrat et vos factures.',
  },
  es: {
    title: 'Correo electrónico',
    marketing: 'Envíenme ofertas por correo',
    service: 'Envíenme por correo los mensajes sobre mi contrato y mis facturas',
    leave: '¿No recibir más ofertas por correo?',
    leaveMore: 'Seguirá recibiendo mensajes sobre su contrato y sus facturas.',
    unsubscribed: 'No le enviaremos más ofertas por correo. Seguirá recibiendo mensajes sobre su contrato y sus facturas.',
  },
};
