/**
 * Times as they stand in tables for programs, in the person's own time zone: `2026/11/19 09:12:00`.
 *
 * @param timeZone - IANA name; unset means that of the machine
 */
export function tableTimeFormat(timeZone?: string): (atMs: number) => string {
  // Swedish writes dates as ISO 8601 does.
  const format = new Intl.DateTimeFormat('sv-SE', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    ...(timeZone !== undefined && { timeZone }),
  });
  return (atMs) => format.format(atMs).replaceAll('-', '/');
}
