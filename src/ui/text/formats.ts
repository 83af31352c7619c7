import * as l10n from '@vscode/l10n';
import { once } from '../../common/once';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/**
 * Times, ages and numbers as a person reads them, in the language of the editor and the person's own time zone.
 *
 * @remarks The clock is never read here: every method that depends on the present takes it. Intl objects are made once,
 * as they cost more than what they format, and when they are needed: together they took longer than all else at the start.
 */
export class Formats {
  private readonly dateFormat: () => Intl.DateTimeFormat;
  private readonly dayMonthFormat: () => Intl.DateTimeFormat;
  private readonly timeFormat: () => Intl.DateTimeFormat;
  private readonly utcDateFormat: () => Intl.DateTimeFormat;
  private readonly utcTimeFormat: () => Intl.DateTimeFormat;
  private readonly numberFormat: () => Intl.NumberFormat;
  private readonly eitherFormat: () => Intl.ListFormat;
  private readonly agoFormat: () => Intl.RelativeTimeFormat;
  private readonly ageFormats: Readonly<Record<AgeUnit, () => Intl.NumberFormat>>;

  /**
   * @param locale - of the editor's display language, as BCP 47
   * @param timeZone - IANA name; unset means that of the machine
   */
  constructor(locale: string, timeZone?: string) {
    // "en" alone would write 11/19/2026, which half of the world reads otherwise, and a 12-hour clock.
    const dates = /^en\b/.test(locale) ? 'en-GB' : locale;
    const zone = timeZone === undefined ? {} : { timeZone };
    const date = { day: 'numeric', month: 'short', year: 'numeric' } as const;
    const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
    this.dateFormat = once(() => new Intl.DateTimeFormat(dates, { ...date, ...zone }));
    this.dayMonthFormat = once(() => new Intl.DateTimeFormat(dates, { day: 'numeric', month: 'short', ...zone }));
    this.timeFormat = once(() => new Intl.DateTimeFormat(dates, { ...time, ...zone }));
    this.utcDateFormat = once(() => new Intl.DateTimeFormat(dates, { ...date, timeZone: 'UTC' }));
    this.utcTimeFormat = once(() => new Intl.DateTimeFormat(dates, { ...time, timeZone: 'UTC' }));
    this.numberFormat = once(() => new Intl.NumberFormat(locale));
    this.eitherFormat = once(() => new Intl.ListFormat(locale, { type: 'disjunction' }));
    this.agoFormat = once(() => new Intl.RelativeTimeFormat(locale, { numeric: 'always' }));
    const inUnits = (unit: AgeUnit): (() => Intl.NumberFormat) =>
      once(() => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }));
    this.ageFormats = { day: inUnits('day'), hour: inUnits('hour'), minute: inUnits('minute') };
  }

  /** `12 Oct 2026` */
  date(atMs: number): string {
    return this.dateFormat().format(atMs);
  }

  /** `09:12` */
  time(atMs: number): string {
    return this.timeFormat().format(atMs);
  }

  /** `19 Nov 2026 09:12` */
  dateTime(atMs: number): string {
    return `${this.date(atMs)} ${this.time(atMs)}`;
  }

  /** `19 Nov 2026 09:12 (08:12 UTC)`, with the date again where it is another day in UTC. */
  dateTimeUtc(atMs: number): string {
    const utcDate = this.utcDateFormat().format(atMs);
    const utcTime = this.utcTimeFormat().format(atMs);
    if (utcDate === this.date(atMs) && utcTime === this.time(atMs)) {
      return `${this.dateTime(atMs)} UTC`;
    }
    const utc = utcDate === this.date(atMs) ? utcTime : `${utcDate} ${utcTime}`;
    return `${this.dateTime(atMs)} (${utc} UTC)`;
  }

  /** `21 Nov 18:40`, with the year where it is not the present one. */
  dayTime(atMs: number, nowMs: number): string {
    return isSameYear(this.dateFormat(), atMs, nowMs)
      ? `${this.dayMonthFormat().format(atMs)} ${this.time(atMs)}`
      : this.dateTime(atMs);
  }

  /** `14:02` for a time of today, else as {@link dayTime}. */
  since(atMs: number, nowMs: number): string {
    return this.date(atMs) === this.date(nowMs) ? this.time(atMs) : this.dayTime(atMs, nowMs);
  }

  /** `41 days`, `5 hours`, `12 minutes`, in whole units of elapsed time. A time in the future is no age. */
  age(ageMs: number): string {
    const largest = largestUnit(ageMs);
    return largest === undefined ? l10n.t('less than a minute') : this.ageFormats[largest.unit]().format(largest.value);
  }

  /** `41 days ago`, `just now` */
  ago(ageMs: number): string {
    const largest = largestUnit(ageMs);
    return largest === undefined ? l10n.t('just now') : this.agoFormat().format(-largest.value, largest.unit);
  }

  /** How long something took or takes, for a narrow row: `12s`, `2m`, `1h 5m`, `2d 3h`. */
  duration(durationMs: number): string {
    const ms = Math.max(0, durationMs);
    if (ms < minuteMs) {
      return `${Math.floor(ms / 1_000)}s`;
    }
    if (ms < hourMs) {
      return `${Math.floor(ms / minuteMs)}m`;
    }
    return ms < dayMs
      ? `${Math.floor(ms / hourMs)}h ${Math.floor((ms % hourMs) / minuteMs)}m`
      : `${Math.floor(ms / dayMs)}d ${Math.floor((ms % dayMs) / hourMs)}h`;
  }

  /** `running or suspended` */
  either(texts: readonly string[]): string {
    return this.eitherFormat().format(texts);
  }

  /** `1,412` */
  count(value: number): string {
    return this.numberFormat().format(value);
  }
}

type AgeUnit = 'day' | 'hour' | 'minute';

function largestUnit(ageMs: number): { readonly unit: AgeUnit; readonly value: number } | undefined {
  const units = [
    ['day', dayMs],
    ['hour', hourMs],
    ['minute', minuteMs],
  ] as const;
  const found = units.find(([, ms]) => ageMs >= ms);
  return found && { unit: found[0], value: Math.floor(ageMs / found[1]) };
}

function isSameYear(format: Intl.DateTimeFormat, aMs: number, bMs: number): boolean {
  const yearOf = (ms: number): string | undefined =>
    format.formatToParts(ms).find((part) => part.type === 'year')?.value;
  return yearOf(aMs) === yearOf(bMs);
}
