/** What a delivery report says of one recipient. */
export interface DeliveryFailure {
  /** An enhanced status code (RFC 3463) of class 5, as in `5.1.1`. */
  readonly status: string;
}

/**
 * Reads the machine's part of a delivery report (RFC 3464, section 2: groups of fields, one for the mail, then one for each
 * recipient).
 * @returns the permanent failure that it tells of; undefined where it tells of a delay, a success or a passing failure
 */
export function readDeliveryFailure(report: string): DeliveryFailure | undefined {
  for (const group of report.replaceAll('\r\n', '\n').split(/\n[ \t]*\n/)) {
    const fields = new Map(
      group
        .replace(/\n[ \t]+/g, ' ')
        .split('\n')
        .map((line) => line.split(/:(.*)/s))
        .map(([name = '', value = '']) => [name.trim().toLowerCase(), value.trim()] as const),
    );
    const status = /^5\.\d{1,3}\.\d{1,3}/.exec(fields.get('status') ?? '')?.[0];
    if (fields.get('action')?.toLowerCase() === 'failed' && status !== undefined) return { status };
  }
  return undefined;
}
