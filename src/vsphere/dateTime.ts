const form = /^(-?\d{4,})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/;

/**
 * Milliseconds since 1970 UTC of an `xsd:dateTime`; undefined when it is none. Without a zone it is taken for UTC, which
 * is what servers mean; JavaScript would take it for local time.
 */
export function parseDateTime(text: string | undefined): number | undefined {
  const match = form.exec(text ?? '');
  if (match === null) {
    return undefined;
  }
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', fraction = '', zone = 'Z'] = match;
  const ms = Math.floor(Number(`0.${fraction || '0'}`) * 1_000);
  const utcMs = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    ms,
  );
  return utcMs - offsetMs(zone);
}

function offsetMs(zone: string): number {
  if (zone === 'Z') {
    return 0;
  }
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
