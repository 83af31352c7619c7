import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit/html.js';
import type { Page } from '../page';
import type { PageParts } from '../protocol/toPage';

type Growth = NonNullable<PageParts['growth']>;

/** What the snapshots occupy, drawn and written. */
export function growthView(page: Page): TemplateResult | typeof nothing {
  const { growth } = page.parts;
  if (growth === null || growth === undefined) {
    return nothing;
  }
  const hasLeftover = growth.bars.some(({ segments }) => segments.some(({ kind }) => kind === 'leftover'));
  return html`<section class="panel growth" aria-labelledby="growth-title">
    <h2 id="growth-title">${page.label('growth')}</h2>
    <p>${growth.summary}</p>
    ${growth.datastores.map((store) => storeView(store))}
    <ul class="bars">
      ${growth.bars.map((bar) => barView(bar))}
    </ul>
    ${growth.more === '' ? nothing : html`<p class="quiet">${growth.more}</p>`}
    <ul class="legend" aria-hidden="true">
      <li><span class="swatch swatch-disk"></span>${page.label('legendDisk')}</li>
      <li><span class="swatch swatch-memory"></span>${page.label('legendMemory')}</li>
      <li><span class="swatch swatch-live"></span>${page.label('legendLive')}</li>
      ${hasLeftover ? html`<li><span class="swatch swatch-leftover"></span>${page.label('legendLeftover')}</li>` : nothing}
    </ul>
    ${growth.measured === '' ? nothing : html`<p class="quiet">${growth.measured}</p>`}
  </section>`;
}

function storeView({ name, text, usedPercent, snapshotPercent }: Growth['datastores'][number]): TemplateResult {
  return html`<div class="store">
    <span class="bar-name" title=${name}>${name}</span>
    <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <rect class="bar-free" x="0" y="0" width="100" height="8"></rect>
      <rect class="bar-used" x="0" y="0" width=${usedPercent} height="8"></rect>
      <rect class="segment-disk" x=${usedPercent} y="0" width=${snapshotPercent} height="8"></rect>
    </svg>
    <span class="bar-text">${text}</span>
  </div>`;
}

function barView({ name, segments, text }: Growth['bars'][number]): TemplateResult {
  let at = 0;
  const drawn = segments.map(({ kind, percent }) => {
    const x = at;
    at += percent;
    return { kind, x, percent };
  });
  return html`<li>
    <span class="bar-name" title=${name}>${name}</span>
    <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <rect class="bar-free" x="0" y="0" width="100" height="8"></rect>
      ${drawn.map(({ kind, x, percent }) => segment(kind, x, percent))}
    </svg>
    <span class="bar-text">${text}</span>
  </li>`;
}

function segment(kind: string, x: number, percent: number): SVGTemplateResult {
  return svg`<rect class="segment-${kind}" x=${x} y="0" width=${percent} height="8"></rect>`;
}
