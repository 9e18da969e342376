import { languageOf } from './header-language.js';

describe('the language of a header', () => {
  it.each([
    ['de', 'Kundennr;Name;E-Mail;Mobil;Sprache;Kontostand;Kunde seit;Newsletter;SMS-Werbung;Gekündigt;PLZ'],
    ['de', 'Vertragsnummer;Vorname;Nachname;E-Mail;Einwilligung E-Mail;Einwilligung SMS am'],
    ['en', 'customer_id,name,email,phone,monthly_charge,newsletter,since'],
    ['en', 'customerId,firstName,lastName,emailConsent'],
    ['fr', 'Numéro client;Nom;Prénom;E-mail;Téléphone;Solde;Consentement SMS'],
    ['es', 'Número de cliente;Nombre;Correo;Teléfono;Idioma;Saldo;Consentimiento'],
    ['it', 'Numero cliente;Nome;Cognome;Cellulare;Importo;Consenso'],
    ['nl', 'Klantnummer;Voornaam;Achternaam;Telefoon;Bedrag;Toestemming'],
    ['pt', 'Número cliente;Nome;Telemóvel;Língua;Cidade;Consentimento'],
    ['pl', 'Numer klienta;Imię;Nazwisko;Telefon;Kwota;Zgoda'],
    ['sv', 'Kundnummer;Förnamn;Efternamn;Språk;Belopp;Samtycke'],
    ['da', 'Kundenummer;Fornavn;Efternavn;Sprog;Beløb;Samtykke'],
  ])('is %s for %s', (language, header) => {
    expect(languageOf(header.split(/[;,]/))).toBe(language);
  });

  it.each(['id;name;email;sms;status', 'id;since', 'a;b;c', '', 'cliente;saldo', 'Kunde;Sprache;customer;language'])(
    'is not known for %s',
    (header) => expect(languageOf(header.split(';'))).toBeUndefined(),
  );
});
