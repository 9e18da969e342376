import type { CustomerTexts } from '../customer-texts.js';

/** The texts about this channel for customers. */
export const texts: CustomerTexts = {
  en: {
    title: 'Text messages',
    marketing: 'Send me offers by text',
    service: 'Send me news of my contract and my bills by text',
    leave: 'Stop all our texts?',
    leaveMore: 'This ends all texts from us to your number: offers, and also messages about your contract and your bills.',
    unsubscribed: 'We will send you no more texts, neither offers nor messages about your contract and your bills.',
  },
  de: {
    title: 'SMS',
    marketing: 'Senden Sie mir Angebote per SMS',
    service: 'Senden Sie mir Nachrichten zu Vertrag und Rechnungen per SMS',
    leave: 'Gar keine SMS mehr von uns?',
    leaveMore: 'Damit enden alle SMS von uns an Ihre Nummer: Angebote und auch Nachrichten zu Ihrem Vertrag und Ihren Rechnungen.',
    unsubscribed: 'Wir senden Ihnen keine SMS mehr, weder Angebote noch Nachrichten zu Ihrem Vertrag und Ihren Rechnungen.',
  },
  fr: {
    title: 'SMS',
    marketing: 'Envoyez-moi des offres par SMS',
    service: 'Envoyez-moi par SMS les messages sur mon contrat et mes factures',
    leave: 'Ne plus recevoir aucun SMS de notre part ?',
    leaveMore: 'Plus aucun SMS ne sera envoyé à votre numéro : ni offres, ni messages sur votre contrat et vos factures.',
    unsubscribed: 'Nous ne vous enverrons plus de SMS, ni offres, ni messages sur votre contrat et vos factures.',
  },
  es: {
    title: 'SMS',
    marketing: 'Envíenme ofertas por SMS',
    service: 'Envíenme por SMS los mensajes sobre mi contrato y mis facturas',
    leave: '¿No recibir ningún SMS más de nosotros?',
    leaveMore: 'Así no llegará ningún SMS más a su número: ni ofertas ni mensajes sobre su contrato y sus facturas.',
    unsubscribed: 'No le enviaremos más SMS, ni ofertas ni mensajes sobre su contrato y sus facturas.',
  },
};
