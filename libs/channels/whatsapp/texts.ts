import type { CustomerTexts } from '../customer-texts.js';

/** The texts about this channel for customers. */
export const texts: CustomerTexts = {
  en: {
    title: 'WhatsApp',
    marketing: 'Send me offers by WhatsApp',
    service: 'Send me news of my contract and my bills by WhatsApp',
    leave: 'Stop all our WhatsApp messages?',
    leaveMore: 'This ends all WhatsApp messages from us to your number: offers, and also messages about your contract and your bills.',
    unsubscribed: 'We will send you nothing more by WhatsApp, neither offers nor messages about your contract and your bills.',
  },
  de: {
    title: 'WhatsApp',
    marketing: 'Senden Sie mir Angebote per WhatsApp',
    service: 'Senden Sie mir Nachrichten zu Vertrag und Rechnungen per WhatsApp',
    leave: 'Gar keine WhatsApp-Nachrichten mehr von uns?',
    leaveMore:
      'Damit enden alle WhatsApp-Nachrichten von uns an Ihre Nummer: Angebote und auch Nachrichten zu Ihrem Vertrag und Ihren Rechnungen.',
    unsubscribed: 'Wir senden Ihnen nichts mehr per WhatsApp, weder Angebote noch Nachrichten zu Ihrem Vertrag und Ihren Rechnungen.',
  },
  fr: {
    title: 'WhatsApp',
    marketing: 'Envoyez-moi des offres par WhatsApp',
    service: 'Envoyez-moi par WhatsApp les messages sur mon contrat et mes factures',
    leave: 'Ne plus recevoir aucun message WhatsApp de notre part ?',
    leaveMore: 'Plus aucun message WhatsApp ne sera envoyé à votre numéro : ni offres, ni messages sur votre contrat et vos factures.',
    unsubscribed: 'Nous ne vous enverrons plus rien par WhatsApp, ni offres, ni messages sur votre contrat et vos factures.',
  },
  es: {
    title: 'WhatsApp',
    marketing: 'Envíenme ofertas por WhatsApp',
    service: 'Envíenme por WhatsApp los mensajes sobre mi contrato y mis facturas',
    leave: '¿No recibir ningún mensaje más de nosotros por WhatsApp?',
    leaveMore: 'Así no llegará ningún mensaje de WhatsApp más a su número: ni ofertas ni mensajes sobre su contrato y sus facturas.',
    unsubscribed: 'No le enviaremos nada más por WhatsApp, ni ofertas ni mensajes sobre su contrato y sus facturas.',
  },
};
