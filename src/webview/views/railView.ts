import { svg, type SVGTemplateResult } from 'lit/html.js';
import type { Rail } from '../grid/rails';
import type { Row } from '../protocol/toPage';

// In pixels of the drawing; the row is as high.
const laneWidth = 16;
const rowHeight = 28;
const middle = rowHeight / 2;
const dotRadius = 4;
// A bend is rounder than a corner and ends before the dot.
const bend = 8;
// Colours of lanes come round again.
const laneColors = 5;

/** Width of the drawing for that many lanes. */
function railWidth(lanes: number): number {
  return lanes * laneWidth;
}

/** The lines beside a row and its own mark. Says nothing that the level of the row does not say. */
export function railView({ lane, fromAbove, fromLeft, goesOn, passing }: Rail, row: Row): SVGTemplateResult {
  const x = center(lane);
  return svg`<svg class="rail" width=${railWidth(lane + 1)} height=${rowHeight} aria-hidden="true" focusable="false">
    ${passing.map((at) => line(at, 0, rowHeight))}
    ${fromLeft ? fromLeftPath(lane) : ''}
    ${fromAbove ? line(lane, 0, middle) : ''}
    ${goesOn ? line(lane, middle, rowHeight) : ''}
    ${dot(x, lane, row)}
  </svg>`;
}

function center(lane: number): number {
  return lane * laneWidth + laneWidth / 2;
}

function line(lane: number, from: number, to: number): SVGTemplateResult {
  const x = center(lane);
  return svg`<line class="lane lane-${lane % laneColors}" x1=${x} y1=${from} x2=${x} y2=${to}></line>`;
}

function fromLeftPath(lane: number): SVGTemplateResult {
  const x = center(lane);
  const left = center(lane - 1);
  const d = `M${left} 0 V${middle - bend} Q${left} ${middle} ${left + bend} ${middle} H${x}`;
  return svg`<path class="lane lane-${lane % laneColors}" d=${d}></path>`;
}

function dot(x: number, lane: number, { kind, change }: Row): SVGTemplateResult {
  const color = `lane-${lane % laneColors}`;
  return kind === 'snapshot'
    ? svg`<circle class="dot dot-${change} ${color}" cx=${x} cy=${middle} r=${dotRadius}></circle>`
    : svg`<circle class="ring ring-${change} ${color}" cx=${x} cy=${middle} r=${dotRadius + 1}></circle>
        ${change === 'lost' ? '' : svg`<circle class="dot ${color}" cx=${x} cy=${middle} r="2"></circle>`}`;
}
