import assert from 'node:assert/strict';
import { Formats } from '../../../../src/ui/text/formats';

const day = 86_400_000;
const paris = new Formats('en', 'Europe/Paris');
const at = Date.UTC(2026, 10, 19, 8, 12);
const now = Date.UTC(2026, 10, 22, 14, 5);

describe('formats: times', () => {
  it('writes dates with the month in letters and times with 24 hours', () => {
    assert.equal(paris.date(at), '19 Nov 2026');
    assert.equal(paris.time(at), '09:12');
    assert.equal(paris.dateTime(at), '19 Nov 2026 09:12');
  });

  it('never writes midnight as 24:00', () => {
    assert.equal(paris.time(Date.UTC(2026, 10, 18, 23, 0)), '00:00');
  });

  it('tells UTC beside local time, and the day where it is another one', () => {
    assert.equal(paris.dateTimeUtc(at), '19 Nov 2026 09:12 (08:12 UTC)');
    assert.equal(paris.dateTimeUtc(Date.UTC(2026, 10, 18, 23, 30)), '19 Nov 2026 00:30 (18 Nov 2026 23:30 UTC)');
  });

  it('tells a time once where local time is UTC', () => {
    assert.equal(new Formats('en', 'UTC').dateTimeUtc(at), '19 Nov 2026 08:12 UTC');
    assert.equal(new Formats('en', 'Europe/London').dateTimeUtc(at), '19 Nov 2026 08:12 UTC');
  });

  it('follows daylight saving: the hour that comes twice differs in UTC only', () => {
    assert.equal(paris.dateTimeUtc(Date.UTC(2026, 9, 25, 0, 30)), '25 Oct 2026 02:30 (00:30 UTC)');
    assert.equal(paris.dateTimeUtc(Date.UTC(2026, 9, 25, 1, 30)), '25 Oct 2026 02:30 (01:30 UTC)');
    assert.equal(paris.dateTimeUtc(Date.UTC(2026, 2, 29, 1, 0)), '29 Mar 2026 03:00 (01:00 UTC)');
  });

  it('leaves the year out only where it is the present one, by the local calendar', () => {
    assert.equal(paris.dayTime(Date.UTC(2026, 10, 21, 17, 40), now), '21 Nov 18:40');
    assert.equal(paris.dayTime(Date.UTC(2025, 10, 21, 17, 40), now), '21 Nov 2025 18:40');
    // In UTC this is 2025 still, in Paris 2026 already.
    assert.equal(paris.dayTime(Date.UTC(2025, 11, 31, 23, 30), now), '1 Jan 00:30');
  });

  it('says since when with the time alone on the same day', () => {
    assert.equal(paris.since(Date.UTC(2026, 10, 22, 13, 2), now), '14:02');
    assert.equal(paris.since(Date.UTC(2026, 10, 21, 13, 2), now), '21 Nov 14:02');
    assert.equal(paris.since(Date.UTC(2024, 10, 22, 13, 2), now), '22 Nov 2024 14:02');
  });

  it('writes as the language does', () => {
    const german = new Formats('de', 'Europe/Berlin');
    assert.equal(german.dateTime(at), '19. Nov. 2026 09:12');
    assert.equal(german.age(3 * day), '3 Tage');
    assert.equal(german.ago(day), 'vor 1 Tag');
    assert.equal(german.count(1_412), '1.412');
    assert.equal(new Formats('pl').age(5 * day), '5 dni');
    assert.equal(new Formats('pl').age(2 * day), '2 dni');
    assert.equal(new Formats('pl').age(day), '1 dzień');
  });
});

describe('formats: ages and durations', () => {
  it('tells an age in its largest unit, whole ones only', () => {
    assert.equal(paris.age(41 * day + 23 * 3_600_000), '41 days');
    assert.equal(paris.age(day), '1 day');
    assert.equal(paris.age(day - 1), '23 hours');
    assert.equal(paris.age(3_600_000), '1 hour');
    assert.equal(paris.age(3_599_999), '59 minutes');
    assert.equal(paris.age(60_000), '1 minute');
    assert.equal(paris.age(59_999), 'less than a minute');
    assert.equal(paris.age(-day), 'less than a minute');
  });

  it('tells how long ago something was', () => {
    assert.equal(paris.ago(3 * day), '3 days ago');
    assert.equal(paris.ago(day), '1 day ago');
    assert.equal(paris.ago(7_200_000), '2 hours ago');
    assert.equal(paris.ago(0), 'just now');
    assert.equal(paris.ago(-5 * day), 'just now');
  });

  it('tells durations in at most two units', () => {
    const texts = [
      -1,
      0,
      12_400,
      59_999,
      60_000,
      3_599_999,
      3_600_000,
      3_900_000,
      day - 1,
      day,
      2 * day + 3 * 3_600_000,
    ].map((ms) => paris.duration(ms));
    assert.deepEqual(texts, ['0s', '0s', '12s', '59s', '1m', '59m', '1h 0m', '1h 5m', '23h 59m', '1d 0h', '2d 3h']);
  });

  it('groups the digits of numbers', () => {
    assert.equal(paris.count(1_412), '1,412');
    assert.equal(paris.count(7), '7');
  });
});
