/**
 * Words that headers of customer files have in one language, as beginnings: "kund" is in "Kundennr" and "Kunde seit". Words of many
 * languages (name, e-mail, sms, status) are no evidence.
 */
const beginnings: Readonly<Record<string, string>> = {
  de: 'kund vorname nachname sprach einwillig zustimm werbung gekündig kündig kuendig konto vertrag beitrag betrag gebühr gebuehr preis umsatz monat straße strasse ort plz postleit anrede geschlecht geburt alter notiz bemerk telefon handy mobilfunk seit datum zeitzone anzahl letzte ja nein',
  en: 'customer first last given family language consent opt subscrib churn account contract charge amount price balance revenue month year street city postcode zip title gender birth age note remark phone mobile since date zone number yes',
  fr: 'client prénom nom langue consentement accord résili resili compte contrat montant prix solde mois année rue ville civilité sexe naissance âge remarque téléphone portable depuis fuseau nombre numéro oui non',
  es: 'cliente nombre apellido idioma consentimiento baja cuenta contrato cuota importe precio saldo mes calle ciudad sexo nacimiento edad observacion teléfono telefono móvil movil desde fecha huso número sí',
  it: 'cliente nome cognome lingua consenso disdett conto contratto importo prezzo saldo mese via città citta sesso nascita età nota telefono cellulare dal data fuso numero sì',
  nl: 'klant voornaam achternaam taal toestemming opgezegd opzegging rekening contract bedrag prijs saldo maand straat plaats geslacht geboorte leeftijd opmerking telefoon mobiel sinds datum tijdzone aantal nee',
  pt: 'cliente nome sobrenome apelido idioma língua consentimento cancelad conta contrato valor preço saldo mês rua cidade sexo nascimento idade observaç telefone telemóvel celular desde data fuso número sim não',
  pl: 'klient imię imie nazwisko język jezyk zgoda rezygnac konto umowa kwota cena saldo miesiąc ulica miasto płeć urodzen wiek uwagi telefon komórk od data strefa numer tak nie',
  sv: 'kund förnamn efternamn språk samtycke uppsagd konto avtal belopp pris saldo månad gata ort kön född ålder anteckning telefon mobil sedan datum tidszon antal nej',
  da: 'kunde fornavn efternavn sprog samtykke opsagt konto aftale beløb pris saldo måned gade by køn født alder bemærkning telefon mobil siden dato tidszone antal nej',
};
const words = Object.entries(beginnings).map(([language, list]) => ({ language, list: list.split(' ') }));
/** A single such word may be chance. */
const fewest = 2;

/** The language of most words of a header, with its words for yes and no. @returns undefined if there is no such language, or a tie */
export function languageOf(texts: readonly string[]): string | undefined {
  const said = texts.flatMap(
    (text) =>
      text
        .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
        .toLowerCase()
        .normalize('NFC')
        .match(/\p{L}+/gu) ?? [],
  );
  const known = said.filter((word) => words.some(({ list }) => isIn(list, word))).length;
  const counted = words.map(({ language, list }) => ({ language, count: said.filter((word) => isIn(list, word)).length }));
  const [best, next] = counted.sort((a, b) => b.count - a.count);
  if (best === undefined || best.count < fewest || best.count * 2 <= known || best.count === next?.count) return undefined;
  return best.language;
}

/** A short word must match completely; a long one may continue. */
function isIn(list: readonly string[], word: string): boolean {
  return list.some((beginning) => (beginning.length < 4 ? word === beginning : word.startsWith(beginning)));
}
