/** The part of html-to-text that is used here; the package has no types. */
declare module 'html-to-text' {
  interface Element {
    readonly attribs?: Readonly<Record<string, string>>;
    readonly children?: readonly unknown[];
  }
  interface Builder {
    addInline(text: string): void;
    openBlock(options: { readonly leadingLineBreaks: number }): void;
    closeBlock(options: { readonly trailingLineBreaks: number }): void;
  }
  type Formatter = (element: Element, walk: (children: readonly unknown[] | undefined, builder: Builder) => void, builder: Builder) => void;
  export function compile(options: {
    readonly wordwrap: false;
    readonly formatters: Readonly<Record<string, Formatter>>;
    readonly selectors: readonly {
      readonly selector: string;
      readonly format?: string;
      readonly options?: Readonly<Record<string, unknown>>;
    }[];
  }): (html: string) => string;
}
