/** A period of local time on certain weekdays in which a customer may be contacted. */
export interface ContactWindow {
  /** ISO weekdays on which it begins: 1 is Monday, 7 is Sunday. */
  readonly days: readonly number[];
  /** Local minute of the day at which it opens ... */
  readonly from: number;
  /** ... and at which it closes, at most 1440. Not after `from`: it closes on the following day. */
  readonly to: number;
}
