/** What an element of a mail's HTML means for the origin of its text. */
export type Meaning =
  /** A quote, all of it. */
  | 'quote'
  /**
   * A quote up to the end of the first quote inside it: some programs let the writer go on below, in the same element. If
   * nothing was said above it, the writer may also have begun in it.
   */
  | 'quote-before'
  /** From here on everything is quoted. */
  | 'end'
  /** Something that programs draw above a quote, and people rarely do. */
  | 'fence'
  /** Neither the writer's nor a quote: a signature, or invisible text. */
  | 'skip';

interface Client {
  readonly client: string;
  readonly meaning: Meaning;
  readonly tag?: string;
  /** Of these attributes one matches. */
  readonly by: { readonly id?: RegExp; readonly class?: RegExp; readonly name?: RegExp; readonly style?: RegExp; readonly marker?: RegExp };
}

/** Attribute names as they are read; some webmail programs put `x_` before the names of other programs. */
export const attributes = { id: 'id', class: 'class', name: 'name', style: 'style', marker: 'data-marker' } as const;

/** How mail programs mark quotes. The first that fits decides. */
export const clients: readonly Client[] = [
  { client: 'not shown', meaning: 'skip', by: { style: /display\s*:\s*none|mso-hide\s*:\s*all/i } },
  { client: 'Gmail', meaning: 'quote', by: { class: /\bgmail_attr\b/i } },
  { client: 'Gmail', meaning: 'quote-before', tag: 'div', by: { class: /\bgmail_quote/i } },
  { client: 'Gmail', meaning: 'skip', by: { class: /\bgmail_signature(_prefix)?\b/i } },
  { client: 'Outlook', meaning: 'end', by: { id: /divRplyFwdMsg|^(x_)?(appendonsend|mail-editor-reference-message-container)$/i } },
  {
    client: 'Outlook for mobile',
    meaning: 'skip',
    by: { id: /^(x_)?(ms-outlook-mobile-(body-)?signature|Signature)$/, class: /^ms-outlook-mobile-signature$/i },
  },
  { client: 'Outlook for Mac', meaning: 'fence', by: { id: /^(x_)?OLK_SRC_BODY_SECTION$/i } },
  {
    client: 'Outlook Express, Windows Live',
    meaning: 'end',
    by: {
      class: /OutlookMessageHeader/i,
      style: /border-top\s*:\s*(#ccc|rgb\(204, ?204, ?204\))\s+solid\s+1px|font:\s*10pt\s+(tahoma|arial)[^;]*;\s*color:\s*black/i,
    },
  },
  {
    client: 'Outlook, Windows Mail',
    meaning: 'fence',
    by: {
      style:
        /border-top\s*:\s*(solid\s+(#[0-9a-f]{3,6}|rgb\([\d, ]+\)|windowtext)\s+1(\.0)?pt|1(\.0)?pt\s+solid)|border-top-style\s*:\s*solid|border-top-width\s*:\s*1px/i,
    },
  },
  { client: 'Hotmail', meaning: 'fence', by: { id: /^(x_)?stopSpelling$/i } },
  { client: 'Thunderbird', meaning: 'quote', by: { class: /\bmoz-(cite-prefix|email-headers-table|forward-container)\b/i } },
  { client: 'Thunderbird', meaning: 'skip', by: { class: /\bmoz-signature\b/i } },
  { client: 'Yahoo, AOL', meaning: 'quote', by: { class: /\b(yahoo_quoted|aolReplacedBody|aolmail_quoted)\b/i, id: /yahoo_quoted/i } },
  { client: 'GMX, WEB.DE, mail.com', meaning: 'quote', by: { name: /^quote$/i } },
  { client: 'Proton', meaning: 'quote', by: { class: /\bprotonmail_quote\b/i } },
  { client: 'Proton', meaning: 'skip', by: { class: /\bprotonmail_signature_block\b/i } },
  { client: 'Zoho', meaning: 'quote', by: { class: /\bzmail_extra\b/i, id: /zmail_extra/i } },
  { client: 'Zimbra', meaning: 'end', by: { id: /^zwchr$/i, marker: /^__DIVIDER__$/ } },
  { client: 'Zimbra', meaning: 'quote', by: { marker: /^__(HEADERS|QUOTED_TEXT)__$/ } },
  { client: 'Roundcube', meaning: 'quote', by: { id: /^(v1)?reply-intro$/i } },
  { client: 'Tutanota', meaning: 'quote', by: { class: /\btutanota_quote\b/i } },
  {
    client: 'QQ Mail, 163',
    meaning: 'quote',
    by: {
      id: /^(isReplyContent|isForwardContent|ntes-pcmac-quote|spnEditorContent_quote)$/i,
      class: /\b(ntes-mailmaster-quote|xm_mail_oringinal_describe)\b/i,
    },
  },
  {
    client: 'Mailbird, eM Client, Airmail, Spark, Postbox',
    meaning: 'quote',
    by: {
      class: /\b(mb_quote|__?replyQuote|airmail_on|spark_quote|bloop_markdown_quote|__pbConvHr)\b/i,
      name: /^airmail_on$/i,
    },
  },
  {
    client: 'Front, Missive, Help Scout, Freshdesk',
    meaning: 'quote',
    by: { class: /\b(front-blockquote|missive_quote|freshdesk_quote|gmail_extra_quote|hs_reply_quote)\b/i },
  },
  { client: 'Yandex, Mail.ru', meaning: 'quote', by: { class: /\bmail-quote-collapse\b|^js-helper-quote/i } },
  { client: 'iPhone', meaning: 'skip', by: { id: /^(AppleMailSignature|lineBreakAtBeginningOfSignature)$/i } },
];

/** A blockquote by which a writer moves a paragraph to the right. */
export const indent = /border\s*:\s*(none|0)|margin\s*:\s*0(px|pt|cm|in)?\s+0(px)?\s+0(px)?\s+40px/i;
